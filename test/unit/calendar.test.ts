import fc from 'fast-check';
import { addDays, createCalendar, isDate } from '../../src/platform/calendar';

const jakarta = createCalendar('Asia/Jakarta');
const at = (iso: string) => Date.parse(iso);

describe('the date in a time zone', () => {
  test('turns at midnight there, not here', () => {
    expect(jakarta.date(at('2026-11-24T16:59:59.999Z'))).toBe('2026-11-24');
    expect(jakarta.date(at('2026-11-24T17:00:00Z'))).toBe('2026-11-25');
    expect(createCalendar('Asia/Jayapura').date(at('2026-11-24T15:00:00Z'))).toBe('2026-11-25');
    expect(createCalendar('America/New_York').date(at('2026-11-25T04:59:59Z'))).toBe('2026-11-24');
  });

  test('is right across leap days and the turn of the year', () => {
    expect(jakarta.date(at('2028-02-28T17:00:00Z'))).toBe('2028-02-29');
    expect(jakarta.date(at('2026-12-31T17:00:00Z'))).toBe('2027-01-01');
  });

  test('property: is always written YYYY-MM-DD, and is a date', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: at('2100-01-01T00:00:00Z') }), (instant) => {
        expect(isDate(jakarta.date(instant))).toBe(true);
      }),
    );
  });
});

test('people read moments and dates in Indonesian', () => {
  expect(jakarta.moment(at('2026-11-25T07:30:00Z'))).toBe('25 Nov 2026, 14.30');
  expect(jakarta.longDate('2026-11-25')).toBe('Rabu, 25 November 2026');
  expect(createCalendar('America/New_York').longDate('2026-11-25')).toBe('Rabu, 25 November 2026');
});

describe('days', () => {
  test.each([
    ['2026-11-25', 1, '2026-11-26'],
    ['2026-11-30', 1, '2026-12-01'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2027-02-28', 1, '2027-03-01'],
    ['2026-11-25', 30, '2026-12-25'],
    ['2026-11-25', 0, '2026-11-25'],
    ['2027-01-01', -1, '2026-12-31'],
  ])('%s and %i more is %s', (date, days, later) => expect(addDays(date, days)).toBe(later));

  test.each(['2026-11-25', '2028-02-29', '2000-02-29'])('%s exists', (text) => {
    expect(isDate(text)).toBe(true);
  });

  test.each([
    '2026-02-30',
    '2027-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-11-00',
    '2026-11-31',
    '2026-1-5',
    '25/11/2026',
    '2026-11-25T00:00:00Z',
    ' 2026-11-25',
    '2026-11-25\n',
    '２０２６-11-25',
    '',
  ])('%j is no date', (text) => expect(isDate(text)).toBe(false));
});
