/** Puts the form together. */
import { alertIn, byId } from './dom.js';
import { keep, keepCampaign } from './draft.js';
import { fillFields, focusProblem, isComplete, startFields } from './fields.js';
import { onRequestRead, showCode, showData, startCode } from './code.js';
import { onOfferRead, startSending } from './sending.js';
import { startPhoto } from './photo.js';
import { startPlace } from './place.js';
import { showDone, startSubmit } from './submit.js';
import { showSummary, startSummary } from './summary.js';
import { checkProof, showNotice, watchVerification } from './verification.js';
import { go, onShow, startViews, viewElement } from './views.js';

keepCampaign(location.search);
startFields();
startSummary();
startPlace();
startPhoto();
startSubmit();
const look = watchVerification({ onRequest: onRequestRead, onOffer: onOfferRead });
startCode({ look });
startSending({ look });
onShow('confirm', showSummary);

for (const [name, next] of [
  ['address', 'package'],
  ['package', 'confirm'],
]) {
  const view = viewElement(name);
  view.addEventListener('submit', (event) => {
    event.preventDefault();
    alertIn(name);
    showNotice('');
    if (isComplete(view)) go(next);
    else focusProblem(view);
  });
}

byId('change-phone').addEventListener('click', () => {
  keep({ verified: undefined, request: undefined, offer: undefined });
  fillFields();
  showData();
  byId('phone').focus();
});

showCode();
showDone();
startViews();
void checkProof();
