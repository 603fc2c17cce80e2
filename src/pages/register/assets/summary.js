/** Everything that was filled in, at a glance, each part with the way back to it. */
import { all, byId, localPhone } from './dom.js';
import { draft } from './draft.js';
import { slots } from './texts.js';
import { go } from './views.js';

export function startSummary() {
  document.addEventListener('change', ({ target }) => target.name === 'package_id' && showChosen());
  showChosen();
}

const chosen = () => all('[name=package_id]').find((input) => input.checked);

/** Beside the form, on large screens. */
export function showChosen() {
  const { name = '', price = '' } = chosen()?.dataset ?? {};
  byId('chosen').hidden = name === '';
  byId('chosen-name').textContent = name;
  byId('chosen-price').textContent = price;
}

export function showSummary() {
  const f = draft.fields;
  const { name, price } = chosen()?.dataset ?? {};
  const place = f.latitude === undefined ? undefined : `${f.latitude}, ${f.longitude}`;
  const neighbourhood = [f.rt && `RT ${f.rt}`, f.rw && `RW ${f.rw}`].filter(Boolean).join(' / ');
  const area = [f.kelurahan, f.kecamatan].filter(Boolean).join(', ');
  const city = [f.city, f.postal_code].filter(Boolean).join(' ');
  const wish = [longDate(f.preferred_installation_date), slots[f.preferred_time_slot]]
    .filter(Boolean)
    .join(', ');
  byId('summary').replaceChildren(
    part('Data diri', 'data', [
      ['Nama', f.full_name],
      ['WhatsApp', draft.verified && `${localPhone(draft.verified.phone)} ✓`],
      ['Email', f.email],
    ]),
    part('Alamat', 'address', [
      ['Alamat', [f.address, neighbourhood, area, city].filter(Boolean).join('\n')],
      ['Patokan', f.address_notes],
      ['Lokasi', place],
    ]),
    part('Paket', 'package', [
      ['Paket', name && `${name}, ${price}`],
      ['Pemasangan', wish],
      ['Catatan', f.notes],
      ['Referral', f.referral_code],
    ]),
  );
}

const longDate = (date) =>
  date && new Intl.DateTimeFormat('id-ID', { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(date));

function part(title, view, lines) {
  const section = element('section', 'part');
  const heading = element('h2', '', title);
  const change = element('button', 'link', 'Ubah');
  change.type = 'button';
  change.setAttribute('aria-label', `Ubah ${title.toLowerCase()}`);
  change.addEventListener('click', () => go(view));
  const list = element('dl', 'facts');
  for (const [name, value] of lines) {
    if (!value) continue;
    const line = element('div');
    line.append(element('dt', '', name), element('dd', '', value));
    list.append(line);
  }
  section.append(heading, change, list);
  return section;
}

function element(tag, className = '', text = '') {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
