import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useSay } from '../i18n';

export interface Column<T> {
  id: string;
  title: string;
  cell: (row: T) => ReactNode;
  /** What the column is sorted by; a column without cannot be sorted. */
  by?: (row: T) => string | number;
  numeric?: boolean;
}

interface Props<T> {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  empty?: ReactNode;
  compact?: boolean;
  testId?: string;
}

interface Order {
  column: string;
  down: boolean;
}

/** Rows drawn at once; more are drawn when asked for, so that ten thousand rows stay light. */
const PAGE = 200;

export function Table<T>({ caption, columns, rows, keyOf, empty, compact = false, testId }: Props<T>) {
  const say = useSay();
  const [order, setOrder] = useState<Order | undefined>();
  const [limit, setLimit] = useState(PAGE);
  const sorted = useMemo(() => inOrder(rows, columns, order), [rows, columns, order]);
  if (rows.length === 0 && empty) return <>{empty}</>;
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={caption}>
      <table className={compact ? 'compact' : undefined} data-testid={testId}>
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.id} column={column} order={order} onOrder={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, limit).map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td key={column.id} className={column.numeric ? 'num' : undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > limit && (
        <button type="button" className="button table-more" onClick={() => setLimit(limit + PAGE)}>
          {say('table.more', { left: sorted.length - limit })}
        </button>
      )}
    </div>
  );
}

function Heading<T>({
  column,
  order,
  onOrder,
}: {
  column: Column<T>;
  order: Order | undefined;
  onOrder: (order: Order) => void;
}) {
  const mine = order?.column === column.id ? order : undefined;
  const sort = mine ? (mine.down ? 'descending' : 'ascending') : undefined;
  return (
    <th scope="col" className={column.numeric ? 'num' : undefined} aria-sort={sort}>
      {column.by ? (
        <button
          type="button"
          onClick={() => onOrder({ column: column.id, down: mine ? !mine.down : column.numeric === true })}
        >
          {column.title}
          {mine &&
            (mine.down ? (
              <ArrowDown size={12} aria-hidden="true" />
            ) : (
              <ArrowUp size={12} aria-hidden="true" />
            ))}
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}

function inOrder<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  order: Order | undefined,
): readonly T[] {
  const by = columns.find((column) => column.id === order?.column)?.by;
  if (!by || !order) return rows;
  const sign = order.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [by(a), by(b)];
    return (
      sign * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)))
    );
  });
}
