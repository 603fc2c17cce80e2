/** The admins' pages without a browser: cookies and forms by hand. */
import { adminOf } from './admin';
import { type Answer, type Daftar } from './daftar';

export interface PageAnswer extends Answer {
  body: string;
}

/** Logged in; `post` sends the CSRF token along unless told otherwise. */
export async function pagesOf(daftar: Daftar, username?: string) {
  const { token, csrf_token } = await adminOf(daftar, username);
  const cookie = `daftar_session=${token}`;
  return {
    cookie,
    csrf_token,
    get: (path: string, headers: Record<string, string> = {}): Promise<PageAnswer> =>
      daftar.get(path, { cookie, ...headers }),
    post: (path: string, fields: Record<string, string> = {}): Promise<PageAnswer> =>
      postForm(daftar, path, { _csrf: csrf_token, ...fields }, { cookie }),
  };
}

export const postForm = (
  daftar: Daftar,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<PageAnswer> => daftar.request('POST', path, { body: new URLSearchParams(fields), headers });

export const goesTo = ({ status, headers }: Answer) => [status, headers.get('location')];
