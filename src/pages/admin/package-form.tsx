/** The form that adds or changes a package. */
import { type FieldError } from '../../registration/form';
import { CsrfField, FlashMessage, Layout } from './layout';
import { Field } from './parts';
import { type Frame } from './site';

export function PackageFormPage(props: {
  frame: Frame;
  action: string;
  isNew: boolean;
  typed: Record<string, string>;
  errors: readonly FieldError[];
  problem: string | null;
}) {
  const { frame, action, isNew, typed, errors, problem } = props;
  const title = isNew ? 'Tambah paket' : 'Ubah paket';
  const text = (name: string, label: string, more: object, hint?: string) => (
    <Field id={name} name={name} label={label} errors={errors} hint={hint}>
      {(attributes) => <input {...attributes} value={typed[name] ?? ''} required {...more} />}
    </Field>
  );
  const digits = { inputMode: 'numeric', pattern: '[0-9]*' } as const;
  return (
    <Layout frame={frame} title={title}>
      {problem && <FlashMessage flash={{ text: problem, isTrouble: true }} />}
      <p class="back">
        <a href="/admin/packages">← Semua paket</a>
      </p>
      <h1>{title}</h1>
      <form class="panel narrow" method="post" action={action}>
        <CsrfField frame={frame} />
        {text('name', 'Nama paket', { maxLength: 100 }, 'Pelanggan dapat memilih paket di chat dengan nama ini.')}
        {text('type', 'Jenis', { maxLength: 50 }, 'Misalnya broadband atau business.')}
        {text('speed_mbps', 'Kecepatan (Mbps)', digits)}
        {text('price', 'Harga per bulan (rupiah)', digits, 'Angka saja, misalnya 199000.')}
        <Field id="description" name="description" label="Keterangan (opsional)" errors={errors}>
          {(attributes) => (
            <textarea {...attributes} rows={3} maxLength={500}>
              {typed['description'] ?? ''}
            </textarea>
          )}
        </Field>
        <label class="check">
          <input type="checkbox" name="is_active" checked={'is_active' in typed} />
          Ditawarkan kepada pelanggan
        </label>
        <div class="actions">
          <button>Simpan</button>
          <a href="/admin/packages">Batal</a>
        </div>
      </form>
    </Layout>
  );
}
