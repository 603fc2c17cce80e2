/** Packages: all of them, added, changed, switched off. None is removed: registrations point at them. */
import type Router from '@koa/router';
import { type Context } from 'koa';
import { sendRefusal } from '../../http/envelope';
import { sessionOf } from '../../http/middleware/admin';
import { formBody, SMALL_BODY } from '../../http/middleware/body';
import { idOf, idOnly } from '../../http/routes/admin-registrations';
import { refusalText } from '../../messages/id/refusals';
import {
  addPackage,
  changePackage,
  listAllPackages,
  parseNewPackage,
  parsePackageChange,
} from '../../registration/package-admin';
import { refuse, type Refusal } from '../../registration/refusals';
import { type PackageRow } from '../../store/tables/packages';
import { CsrfField, Layout } from './layout';
import { PackageFormPage } from './package-form';
import { rupiah } from './parts';
import { seeOther, sendPage } from './render';
import { type Frame, type Site, typedIn } from './site';

const PATH = '/admin/packages';
const SAVED = `${PATH}?done=package_saved`;

export function packageRoutes(router: Router, { services, authorised, frame }: Site): void {
  const { reads, unitOfWork, clock } = services;
  const find = (id: number) => listAllPackages(reads).find((one) => one.id === id);

  router.get(PATH, authorised, (ctx) => {
    sendPage(ctx, <PackagesPage packages={listAllPackages(reads)} frame={frame(ctx, 'packages')} />);
  });

  const showForm = (ctx: Context, id: number | null, typed: Record<string, string>, refusal?: Refusal) => {
    const action = id === null ? PATH : `${PATH}/${id}`;
    const problem = refusal ? refusalText(refusal) : null;
    const form = { action, typed, problem, errors: refusal?.errors ?? [], isNew: id === null };
    sendPage(ctx, <PackageFormPage {...form} frame={frame(ctx, 'packages')} />, refusal ? 400 : 200);
  };

  router.get(`${PATH}/new`, authorised, (ctx) => showForm(ctx, null, { is_active: 'on' }));

  router.get(`${PATH}/:id`, idOnly, authorised, (ctx) => {
    const found = find(idOf(ctx));
    if (!found) return sendRefusal(ctx, refuse('NOT_FOUND', { message: 'Paket ini tidak ditemukan.' }));
    showForm(ctx, found.id, asTyped(found));
  });

  router.post(PATH, formBody(SMALL_BODY), authorised, async (ctx) => {
    const typed = typedIn(ctx);
    const given = parseNewPackage({ ...typed, is_active: 'is_active' in typed });
    if (!given.ok) return showForm(ctx, null, typed, given);
    const admin_id = sessionOf(ctx).admin.id;
    const saved = await unitOfWork.run((tx) => addPackage(tx, given.package, admin_id, clock.now()));
    if (!saved.ok) return showForm(ctx, null, typed, saved);
    seeOther(ctx, SAVED);
  });

  router.post(`${PATH}/:id`, idOnly, formBody(SMALL_BODY), authorised, async (ctx) => {
    const typed = typedIn(ctx);
    const id = idOf(ctx);
    const given = parsePackageChange({ ...typed, is_active: 'is_active' in typed });
    if (!given.ok) return showForm(ctx, id, typed, given);
    const saved = await change(ctx, given.change);
    if (saved.ok) return seeOther(ctx, SAVED);
    if (saved.code === 'NOT_FOUND') return sendRefusal(ctx, saved);
    showForm(ctx, id, typed, saved);
  });

  router.post(`${PATH}/:id/active`, idOnly, formBody(SMALL_BODY), authorised, async (ctx) => {
    const saved = await change(ctx, { is_active: typedIn(ctx)['is_active'] === '1' ? 1 : 0 });
    if (!saved.ok) return sendRefusal(ctx, saved);
    seeOther(ctx, SAVED);
  });

  const change = (ctx: Parameters<typeof idOf>[0], fields: Parameters<typeof changePackage>[2]) =>
    unitOfWork.run((tx) => changePackage(tx, idOf(ctx), fields, sessionOf(ctx).admin.id, clock.now()));
}

const asTyped = (row: PackageRow): Record<string, string> => ({
  name: row.name,
  type: row.type,
  speed_mbps: String(row.speed_mbps),
  price: String(row.price),
  description: row.description ?? '',
  ...(row.is_active === 1 ? { is_active: 'on' } : {}),
});

function PackagesPage({ packages, frame }: { packages: readonly PackageRow[]; frame: Frame }) {
  return (
    <Layout frame={frame} title="Paket">
      <div class="heading">
        <h1>Paket</h1>
        <a class="button small" href={`${PATH}/new`}>
          Tambah paket
        </a>
      </div>
      <ul class="packages">
        {packages.map((one) => (
          <Package key={one.id} one={one} frame={frame} />
        ))}
      </ul>
    </Layout>
  );
}

function Package({ one, frame }: { one: PackageRow; frame: Frame }) {
  const isActive = one.is_active === 1;
  return (
    <li class={`panel ${isActive ? '' : 'off'}`}>
      <div class="heading">
        <h2>{one.name}</h2>
        <span class={`badge ${isActive ? 'is-approved' : 'is-cancelled'}`}>{isActive ? 'Aktif' : 'Nonaktif'}</span>
      </div>
      <p class="price">
        {rupiah(one.price)}
        <span class="muted">/bulan</span>
      </p>
      <p class="muted">
        {one.speed_mbps} Mbps · {one.type}
      </p>
      {one.description && <p>{one.description}</p>}
      <div class="actions">
        <a class="button outline small" href={`${PATH}/${one.id}`}>
          Ubah<span class="unseen"> {one.name}</span>
        </a>
        <form method="post" action={`${PATH}/${one.id}/active`}>
          <CsrfField frame={frame} />
          <input type="hidden" name="is_active" value={isActive ? '0' : '1'} />
          <button class="quiet small">
            {isActive ? 'Nonaktifkan' : 'Aktifkan'}
            <span class="unseen"> {one.name}</span>
          </button>
        </form>
      </div>
    </li>
  );
}
