/** Prepared statements by their text, with values bound and never spliced in. */
import type BetterSqlite3 from 'better-sqlite3';
import { type EntitySchema } from 'typeorm';
import { asStoreError, StoreUnavailableError } from './errors';

export type SqlValue = string | number | bigint | Buffer | null;

export interface Reader {
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined;
  all<Row>(sql: string, ...values: SqlValue[]): Row[];
}

/** Every statement lives as long as its connection: texts are constants, so their number is bounded. */
function createCache(connection: BetterSqlite3.Database) {
  const cache = new Map<string, BetterSqlite3.Statement>();
  return (sql: string): BetterSqlite3.Statement => {
    let statement = cache.get(sql);
    if (!statement) {
      statement = connection.prepare(sql);
      cache.set(sql, statement);
    }
    return statement;
  };
}

export function createReader(connection: BetterSqlite3.Database): Reader {
  const prepared = createCache(connection);
  const attempt = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      throw asStoreError(error);
    }
  };
  return {
    get: <Row>(sql: string, ...values: SqlValue[]) =>
      attempt(() => prepared(sql).get(...values) as Row | undefined),
    all: <Row>(sql: string, ...values: SqlValue[]) => attempt(() => prepared(sql).all(...values) as Row[]),
  };
}

/** The text of an insert. The last one of each table is remembered: nearly every row has the columns of the one before. */
function createInsertions() {
  const last = new Map<unknown, { columns: string[]; sql: string }>();
  return (table: EntitySchema, row: object): string => {
    const columns = Object.keys(row);
    const known = last.get(table);
    if (known && isSame(known.columns, columns)) return known.sql;
    const marks = columns.map(() => '?').join(',');
    const sql = `INSERT INTO ${table.options.tableName} (${columns.join(',')}) VALUES (${marks})`;
    last.set(table, { columns, sql });
    return sql;
  };
}

const isSame = (one: string[], other: string[]) =>
  one.length === other.length && one.every((value, place) => value === other[place]);

/**
 * For use inside a transaction only: outside, a statement would commit by itself. That would happen to work that
 * goes on after its end, or after an error such as SQLITE_FULL has ended its transaction.
 */
export function createStatements(connection: BetterSqlite3.Database) {
  const cached = createCache(connection);
  const insertion = createInsertions();
  const prepared = (sql: string): BetterSqlite3.Statement => {
    if (!connection.inTransaction) throw new StoreUnavailableError('the transaction is over');
    return cached(sql);
  };
  return {
    get: <Row>(sql: string, ...values: SqlValue[]) => prepared(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: SqlValue[]) => prepared(sql).all(...values) as Row[],
    run(sql: string, ...values: SqlValue[]) {
      const { changes, lastInsertRowid } = prepared(sql).run(...values);
      return { changes, id: Number(lastInsertRowid) };
    },
    insert<Row extends object>(table: EntitySchema<Row>, row: Partial<Row>): number {
      const values = Object.values(row) as SqlValue[];
      return Number(prepared(insertion(table, row)).run(...values).lastInsertRowid);
    },
  };
}
