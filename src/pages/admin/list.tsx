/** The list of registrations: statuses with their counts, filters, the rows, and the way through the pages. */
import { type FieldError } from '../../registration/form';
import { STATUSES } from '../../registration/lifecycle';
import { type ListedRegistration, type RegistrationPage } from '../../registration/review-list';
import { type Statistics } from '../../registration/statistics';
import { type Calendar } from '../../platform/calendar';
import { Layout } from './layout';
import { Filters } from './list-filters';
import { EXPORT, type ListInput, listUrl } from './list-url';
import { ChannelTag, localPhone, Moment, statusLabel, StatusBadge, whole } from './parts';
import { type Frame } from './site';

export interface ListView {
  frame: Frame;
  calendar: Calendar;
  input: ListInput;
  /** Null when the filter was not understood. */
  found: RegistrationPage | null;
  errors: readonly FieldError[];
  counts: Pick<Statistics, 'total' | 'by_status'>;
}

export function ListPage(view: ListView) {
  const { frame, input, found, errors } = view;
  return (
    <Layout frame={frame} title="Pendaftaran" refreshUrl={listUrl(input)}>
      <div class="heading">
        <h1>Pendaftaran</h1>
        {found && (
          <a class="button outline small" href={listUrl(input, { page: '' }, EXPORT)} download>
            Unduh CSV
          </a>
        )}
      </div>
      <StatusTabs {...view} />
      <Filters input={input} errors={errors} />
      <div id="results" data-refresh data-news="pendaftaran baru">
        {found ? <Results {...view} found={found} /> : <p class="empty">Perbaiki saringan di atas.</p>}
      </div>
      <p class="live" id="live" role="status" hidden></p>
    </Layout>
  );
}

function StatusTabs({ input, counts }: ListView) {
  const tabs: [string, string, number][] = [
    ['', 'Semua', counts.total],
    ...STATUSES.map((status): [string, string, number] => [
      status,
      statusLabel(status),
      counts.by_status[status],
    ]),
  ];
  return (
    <nav id="tabs" class="tabs" aria-label="Status" data-refresh>
      {tabs.map(([status, label, count]) => (
        <a
          key={status}
          href={listUrl(input, { status, page: '' })}
          aria-current={(input.status ?? '') === status ? 'true' : undefined}
        >
          {label} <span class="count">{whole(count)}</span>
        </a>
      ))}
    </nav>
  );
}

function Results({ input, found, calendar }: ListView & { found: RegistrationPage }) {
  const { registrations, pagination } = found;
  if (registrations.length === 0) return <Empty input={input} page={pagination.page} />;
  return (
    <>
      <table class="cards">
        <caption class="unseen">Pendaftaran yang cocok dengan saringan</caption>
        <thead>
          <tr>
            <SortHeading input={input} by="created_at" label="Masuk" />
            <SortHeading input={input} by="full_name" label="Pelanggan" />
            <th scope="col">Kota dan paket</th>
            <th scope="col">Kanal</th>
            <SortHeading input={input} by="status" label="Status" />
          </tr>
        </thead>
        <tbody>
          {registrations.map((one) => (
            <Row key={one.id} one={one} calendar={calendar} />
          ))}
        </tbody>
      </table>
      <Pager input={input} found={found} />
    </>
  );
}

function Row({ one, calendar }: { one: ListedRegistration; calendar: Calendar }) {
  return (
    <tr data-key={one.id}>
      <td class="when">
        <span class="number">{one.registration_number}</span>
        <Moment at={one.created_at} calendar={calendar} />
      </td>
      <th scope="row" class="who">
        <a href={`/admin/registrations/${one.id}`}>{one.full_name}</a>
        <span class="muted">{localPhone(one.phone)}</span>
      </th>
      <td class="what">
        <span>{one.city}</span>
        <span class="muted">{one.package_name}</span>
      </td>
      <td class="channel">
        <ChannelTag channel={one.channel} />
      </td>
      <td class="status">
        <StatusBadge status={one.status} />
        {one.status === 'survey_scheduled' && one.survey_scheduled_date && (
          <span class="muted">{calendar.longDate(one.survey_scheduled_date)}</span>
        )}
      </td>
    </tr>
  );
}

/** Time begins with the newest, all else with A. */
function SortHeading({ input, by, label }: { input: ListInput; by: string; label: string }) {
  const first = by === 'created_at' ? 'desc' : 'asc';
  const isCurrent = (input.sort_by ?? 'created_at') === by;
  const order = input.sort_order ?? 'desc';
  const next = isCurrent ? (order === 'asc' ? 'desc' : 'asc') : first;
  const sorted = order === 'asc' ? 'ascending' : 'descending';
  return (
    <th scope="col" aria-sort={isCurrent ? sorted : undefined}>
      <a href={listUrl(input, { sort_by: by, sort_order: next, page: '' })}>
        {label}
        <span class="arrow" aria-hidden="true">
          {isCurrent ? (order === 'asc' ? '↑' : '↓') : '↕'}
        </span>
      </a>
    </th>
  );
}

function Empty({ input, page }: { input: ListInput; page: number }) {
  const isFiltered = Object.values(input).some(Boolean);
  return (
    <div class="empty">
      {!isFiltered && (
        <p>Belum ada pendaftaran. Yang baru muncul di sini dengan sendirinya, dari chat maupun formulir web.</p>
      )}
      {isFiltered && (
        <p>
          {page > 1 ? 'Halaman ini kosong.' : 'Tidak ada pendaftaran yang cocok.'}{' '}
          <a href="/admin/registrations">Tampilkan semua</a>
        </p>
      )}
    </div>
  );
}

function Pager({ input, found }: { input: ListInput; found: RegistrationPage }) {
  const { page, limit, total, pages, total_is_minimum } = found.pagination;
  const first = (page - 1) * limit + 1;
  const last = first + found.registrations.length - 1;
  const hasNext = page < pages || (total_is_minimum === true && found.registrations.length === limit);
  return (
    <nav class="pager" aria-label="Halaman">
      <p class="muted">
        {whole(first)}–{whole(last)} dari {total_is_minimum ? 'sedikitnya ' : ''}
        {whole(total)}
      </p>
      {page > 1 && (
        <a class="button outline small" rel="prev" href={listUrl(input, { page: String(page - 1) })}>
          ← Sebelumnya
        </a>
      )}
      {hasNext && (
        <a class="button outline small" rel="next" href={listUrl(input, { page: String(page + 1) })}>
          Berikutnya →
        </a>
      )}
    </nav>
  );
}
