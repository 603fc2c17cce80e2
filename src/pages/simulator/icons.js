// The icons, drawn on a 24×24 grid. Those listed in simulator.css as filled are shapes; all others are
// strokes. They are built as DOM nodes by dom.js, so the page needs no image requests.

export const ICONS = {
  send: { paths: ['M3.4 20.4 21 12 3.4 3.6 3.4 10.2 15 12 3.4 13.8Z'] },
  attach: {
    paths: [
      'M20 11.2 12.1 19a5 5 0 0 1-7.1-7.1L13.4 3.6a3.3 3.3 0 0 1 4.7 4.7L9.8 16.6a1.6 1.6 0 0 1-2.3-2.3l7.6-7.6',
    ],
  },
  back: { paths: ['M15 5 8 12l7 7'] },
  down: { paths: ['M6 9.5 12 15.5 18 9.5'] },
  close: { paths: ['M6 6 18 18', 'M18 6 6 18'] },
  phone: {
    paths: [
      'M6.6 3.5h2.6l1.5 4-2 1.6a13 13 0 0 0 6.2 6.2l1.6-2 4 1.5v2.6a2.1 2.1 0 0 1-2.3 2.1A17 17 0 0 1 4.5 5.800a2.1 2.1 0 0 1 2.1-2.300Z',
    ],
  },
  video: {
    paths: [
      'M4.5 6.500h9a1.5 1.5 0 0 1 1.5 1.500v8a1.5 1.5 0 0 1-1.5 1.500h-9A1.5 1.5 0 0 1 3 16V8a1.5 1.5 0 0 1 1.5-1.500Z',
      'm15 11 6-3.500v9L15 13',
    ],
  },
  more: { paths: ['M12 5.500v.01', 'M12 12v.01', 'M12 18.500v.01'] },
  pin: {
    paths: [
      'M12 21.500s-7-6.3-7-11.700a7 7 0 0 1 14 0c0 5.4-7 11.7-7 11.700Z',
      'M12 7.400a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.200Z',
    ],
  },
  image: {
    paths: [
      'M5 4.500h14A1.5 1.5 0 0 1 20.5 6v12a1.5 1.5 0 0 1-1.5 1.500H5A1.5 1.5 0 0 1 3.5 18V6A1.5 1.5 0 0 1 5 4.500Z',
      'm4 17 5-5 4 4 3-3 4 4',
      'M15.5 8.500v.01',
    ],
  },
  plus: { paths: ['M12 5v14', 'M5 12h14'] },
  check: { paths: ['M5 12.5 10 17.5 19.5 7'] },
  pencil: { paths: ['m4 20 1-4.500L16 4.5 19.5 8 8.5 19 4 20Z'] },
  warn: { paths: ['M12 3.5 22 20.500H2L12 3.500Z', 'M12 10v5', 'M12 17.800v.01'] },
  lock: { paths: ['M6 11h12v9H6z', 'M8.5 11V8a3.5 3.5 0 0 1 7 0v3'] },
  erased: { paths: ['M12 3.500a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z', 'M6 6 18 18'] },
  mute: { paths: ['M4 9.500v5h3.500L12 18.500v-13L7.5 9.500H4Z', 'm16 10 4 4', 'm20 10-4 4'] },
  // Delivery marks, wider than high, as in the chat bubbles.
  clock: { box: '0 0 16 16', paths: ['M8 2.500a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z', 'M8 5v3.200h2.6'] },
  tick: { box: '0 0 16 16', paths: ['M3 8.6 6.3 12 13 4.6'] },
  ticks: { box: '0 0 20 16', paths: ['M1.5 8.6 4.8 12 11.5 4.6', 'M8.6 10.3 10.3 12 17 4.6'] },
  failed: {
    box: '0 0 16 16',
    paths: ['M8 1.500a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z', 'M8 4.800v3.8', 'M8 11.100v.01'],
  },
};
