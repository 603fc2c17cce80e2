/** The frame around every customers' page: head, brand on top, and what stands at the foot. */
import { type ComponentChildren } from 'preact';

export function Document(props: {
  title: string;
  brand: string;
  class: string;
  /** Style sheets of this page's own. */
  styles: readonly string[];
  script?: string;
  /** Whether search engines may show it. */
  isPublic?: true;
  children: ComponentChildren;
}) {
  const { title, brand, styles, script, children } = props;
  return (
    <html lang="id">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        {!props.isPublic && <meta name="robots" content="noindex" />}
        <title>{`${title} · ${brand}`}</title>
        <link rel="icon" type="image/svg+xml" href="/assets/icon.svg" />
        <link rel="stylesheet" href="/assets/pico/pico.jade.min.css" />
        <link rel="stylesheet" href="/assets/theme.css" />
        <link rel="stylesheet" href="/assets/controls.css" />
        {styles.map((url) => (
          <link key={url} rel="stylesheet" href={url} />
        ))}
        {script && <script type="module" src={script}></script>}
      </head>
      <body class={props.class}>
        <a class="skip" href="#main">
          Langsung ke isi
        </a>
        <header class="top">
          <div class="container bar">
            <a class="brand" href="/register">
              <img src="/assets/icon.svg" alt="" width="30" height="30" />
              <span>{brand}</span>
            </a>
            <a class="aside-link" href="/track">
              Cek status
            </a>
          </div>
        </header>
        {children}
      </body>
    </html>
  );
}

/** Our own number as a link that opens a chat with `text` already typed. */
export const chatUrl = (device: string, text: string): string =>
  `https://wa.me/${device}?text=${encodeURIComponent(text)}`;

/** Leaves our pages: the other side learns nothing of them. */
export const ChatLink = (props: {
  device: string;
  text: string;
  class?: string;
  children: ComponentChildren;
}) => (
  <a
    class={props.class}
    href={chatUrl(props.device, props.text)}
    target="_blank"
    rel="noopener noreferrer"
    data-chat-link
  >
    {props.children}
  </a>
);

export const rupiah = (amount: number): string => `Rp${amount.toLocaleString('id-ID')}`;
