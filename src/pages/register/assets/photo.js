/** The ID card's photo: made small enough here, so that it also goes through a slow connection. */
import { byId } from './dom.js';
import { draft, keep } from './draft.js';
import { tell } from './fields.js';
import * as texts from './texts.js';

const LONGEST_SIDE = 1_600;
const QUALITIES = [0.85, 0.7, 0.5];
const MOST_BYTES = 5 * 1024 * 1024;

export function startPhoto() {
  const input = byId('photo');
  input.addEventListener('change', async () => {
    const [file] = input.files;
    if (file) await take(file);
  });
  byId('photo-remove').addEventListener('click', () => {
    keep({ photo: undefined });
    input.value = '';
    showPhoto();
    input.focus();
  });
  showPhoto();
}

async function take(file) {
  tell('id_card_photo', '');
  byId('photo-state').textContent = texts.photoPreparing;
  try {
    const blob = await shrink(file);
    if (blob === null) return refuse(texts.photoTooLarge);
    keep({ photo: await toDataUrl(blob) });
    showPhoto();
  } catch {
    refuse(texts.photoUnreadable);
  }
}

function refuse(message) {
  keep({ photo: undefined });
  byId('photo').value = '';
  showPhoto();
  tell('id_card_photo', message);
}

/** A JPEG, whatever it was; null when even the coarsest is too large. */
async function shrink(file) {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  const context = canvas.getContext('2d');
  // What was transparent would turn black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  for (const quality of QUALITIES) {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (blob && blob.size <= MOST_BYTES) return blob;
  }
  return null;
}

const toDataUrl = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

export function showPhoto() {
  const { photo } = draft;
  byId('photo-shown').hidden = !photo;
  byId('photo-state').textContent = photo ? texts.photoReady((photo.length * 3) / 4) : '';
  if (photo) byId('photo-image').src = photo;
  else byId('photo-image').removeAttribute('src');
}
