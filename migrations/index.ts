/** The schema's history, oldest first. Never edit one that has been released: add another. */
import { InitialSchema1760400000000 } from './1760400000000-initial-schema';
import { DeliveryHealth1764000000000 } from './1764000000000-delivery-health';
import { LeanerIndexes1764100000000 } from './1764100000000-leaner-indexes';
import { Review1764500000000 } from './1764500000000-review';
import { VerificationBySending1764700000000 } from './1764700000000-verification-by-sending';

export const migrations = [
  InitialSchema1760400000000,
  DeliveryHealth1764000000000,
  LeanerIndexes1764100000000,
  Review1764500000000,
  VerificationBySending1764700000000,
];
