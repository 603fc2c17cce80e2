/** The form that narrows the list. Status and order come from links; they stay as they are. */
import { type FieldError } from '../../registration/form';
import { LIST, type ListInput } from './list-url';
import { Field } from './parts';

export function Filters({ input, errors }: { input: ListInput; errors: readonly FieldError[] }) {
  const { status, channel, search, from, to, sort_by, sort_order } = input;
  const kept = { status, sort_by, sort_order };
  const isNarrowed = Boolean(channel ?? search ?? from ?? to);
  const others = errors.filter(({ field }) => !['search', 'channel', 'from', 'to'].includes(field));
  return (
    <form class="filters" method="get" action={LIST} aria-label="Saring pendaftaran">
      {Object.entries(kept).map(
        ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
      )}
      <Field id="search" name="search" label="Cari pendaftaran" errors={errors}>
        {(attributes) => (
          <input
            {...attributes}
            type="search"
            value={search ?? ''}
            placeholder="Nama, nomor, telepon, atau email"
            maxLength={200}
          />
        )}
      </Field>
      <div class="actions">
        <button class="small">Cari</button>
        {isNarrowed && (
          <a class="small" href={LIST}>
            Hapus saringan
          </a>
        )}
      </div>
      <details open={Boolean(channel ?? from ?? to) || errors.length > 0}>
        <summary>Saringan lain</summary>
        <div class="more">
          <Field id="channel" name="channel" label="Kanal" errors={errors}>
            {(attributes) => (
              <select {...attributes}>
                <option value="">Semua</option>
                <option value="chat" selected={channel === 'chat'}>
                  Chat
                </option>
                <option value="web" selected={channel === 'web'}>
                  Web
                </option>
              </select>
            )}
          </Field>
          <Field id="from" name="from" label="Dari tanggal" errors={errors}>
            {(attributes) => <input {...attributes} type="date" value={from ?? ''} />}
          </Field>
          <Field id="to" name="to" label="Sampai tanggal" errors={errors}>
            {(attributes) => <input {...attributes} type="date" value={to ?? ''} />}
          </Field>
        </div>
        <button class="small outline">Terapkan saringan</button>
      </details>
      {others.length > 0 && (
        <p class="problem" role="alert">
          {others.map(({ message }) => message).join(' ')}
        </p>
      )}
    </form>
  );
}
