/** Asks the gateway how our device is: connected, how much quota is left. Beside `/send`, for sparing use. */
import { request } from 'undici';
import { z } from 'zod';

export interface DeviceStatus {
  connected: boolean;
  /** Messages left; null when the gateway does not say. */
  quota: number | null;
  /** As the gateway writes it: `18 November 2029`. */
  expires: string | null;
}

export type CheckDevice = () => Promise<DeviceStatus | null>;

const MOST_BYTES = 64 * 1024;

const answer = z.object({
  status: z.union([z.literal(true), z.literal('true')]),
  device_status: z.string(),
  quota: z.coerce.number().nullable().catch(null),
  expired: z.string().nullable().catch(null),
});

/** Null when nobody answered, or nothing that can be read: that says nothing about the device. */
export function createCheckDevice(options: {
  apiUrl: string;
  apiToken: string;
  timeoutMs: number;
}): CheckDevice {
  const url = new URL('device', options.apiUrl);
  return async () => {
    try {
      const { body } = await request(url, {
        method: 'POST',
        headers: { authorization: options.apiToken },
        signal: AbortSignal.timeout(options.timeoutMs),
      });
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of body as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > MOST_BYTES) return null;
        chunks.push(chunk);
      }
      const read = answer.parse(JSON.parse(Buffer.concat(chunks).toString()));
      return { connected: read.device_status === 'connect', quota: read.quota, expires: read.expired };
    } catch {
      return null;
    }
  };
}
