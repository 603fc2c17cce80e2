/** What admins read when things go well. */
export const adminTexts = {
  loggedIn: 'Anda berhasil masuk.',
  loggedOut: 'Anda telah keluar.',
  decided: 'Status pendaftaran telah diubah.',
  packageSaved: 'Paket telah disimpan.',
  queuedAgain: 'Pesan dimasukkan kembali ke antrean.',
  handledAgain: 'Pesan telah diproses ulang.',
} as const;
