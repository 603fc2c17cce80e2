/** The frame around every admins' page. */
import { type ComponentChildren } from 'preact';
import { CSRF_FIELD } from '../../http/middleware/admin';
import { type Flash, type Frame, type Section } from './site';

const SECTIONS: [Section, string, string][] = [
  ['registrations', '/admin/registrations', 'Pendaftaran'],
  ['dashboard', '/admin/dashboard', 'Ringkasan'],
  ['failures', '/admin/failures', 'Pesan gagal'],
  ['packages', '/admin/packages', 'Paket'],
];

export function Document(props: { title: string; brand: string; class: string; children: ComponentChildren }) {
  return (
    <html lang="id">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${props.title} · ${props.brand}`}</title>
        <link rel="icon" type="image/svg+xml" href="/admin/assets/icon.svg" />
        <link rel="stylesheet" href="/admin/assets/pico/pico.jade.min.css" />
        <link rel="stylesheet" href="/admin/assets/admin.css" />
        <link rel="stylesheet" href="/admin/assets/lists.css" />
        <link rel="stylesheet" href="/admin/assets/registration.css" />
        <link rel="stylesheet" href="/admin/assets/figures.css" />
        <script type="module" src="/admin/assets/admin.js"></script>
      </head>
      <body class={props.class}>{props.children}</body>
    </html>
  );
}

/** `refreshUrl`: where parts marked `data-refresh` are looked up again while the page is open. */
export function Layout(props: {
  frame: Frame;
  title: string;
  refreshUrl?: string;
  children: ComponentChildren;
}) {
  const { frame, title } = props;
  return (
    <Document title={title} brand={frame.brand} class="inside">
      <a class="skip" href="#main">
        Langsung ke isi
      </a>
      <Header frame={frame} />
      <main id="main" class="container" tabIndex={-1} data-refresh-url={props.refreshUrl}>
        {frame.flash && <FlashMessage flash={frame.flash} />}
        {props.children}
      </main>
    </Document>
  );
}

function Header({ frame }: { frame: Frame }) {
  return (
    <header class="top">
      <div class="container bar">
        <a class="brand" href="/admin/registrations">
          <img src="/admin/assets/icon.svg" alt="" width="28" height="28" />
          <span>{frame.brand}</span>
        </a>
        <nav class="sections" aria-label="Bagian">
          {SECTIONS.map(([section, href, label]) => (
            <a key={section} href={href} aria-current={section === frame.section ? 'page' : undefined}>
              {label}
              {section === 'dashboard' && frame.openAlerts > 0 && (
                <span class="count">
                  {frame.openAlerts}
                  <span class="unseen"> peringatan</span>
                </span>
              )}
            </a>
          ))}
        </nav>
        <form class="account" method="post" action="/admin/logout">
          <CsrfField frame={frame} />
          <span class="name">{frame.username}</span>
          <button class="quiet small">Keluar</button>
        </form>
      </div>
    </header>
  );
}

/** Takes the focus, so that a screen reader begins with it after a redirect. */
export function FlashMessage({ flash, children }: { flash: Flash; children?: ComponentChildren }) {
  return (
    <div
      class={`flash ${flash.isTrouble ? 'trouble' : 'success'}`}
      role={flash.isTrouble ? 'alert' : 'status'}
      tabIndex={-1}
      autofocus
    >
      <p>{flash.text}</p>
      {children}
    </div>
  );
}

export const CsrfField = ({ frame }: { frame: Frame }) => (
  <input type="hidden" name={CSRF_FIELD} value={frame.csrf} />
);
