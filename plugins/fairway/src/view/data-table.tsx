import { useState } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { Cell, CellText, Column, Row, TableBody, TableHeader, TableRoot } from '@backstage/ui';
import { Paged } from './paged.tsx';
import { sortedBy } from './sorted-by.ts';
import classes from './view.module.css';

export interface TableColumn<Item> {
  readonly id: string;
  readonly label: ReactNode;
  /** A string is shown as text, `undefined` as an empty cell. */
  readonly cell: (item: Item) => ReactNode;
  /** Stands at the end of its column, with the heading. */
  readonly number?: boolean;
  /** What rows can be sorted by; what has none stands last. */
  readonly sortBy?: (item: Item) => string | number | undefined;
}

interface DataTableProps<Item> {
  /** What a screen reader calls the table. */
  readonly label: string;
  /** The first one names its row. */
  readonly columns: readonly TableColumn<Item>[];
  readonly idOf: (item: Item) => string;
}

interface RowGroup<Item> {
  readonly id: string;
  readonly heading: ReactNode;
  readonly rows: readonly Item[];
}

/** Groups have headings unless each has a single row; they keep their order. */
type Rows<Item> =
  | {
      readonly rows: readonly Item[];
      /** Rows on one page; default all. */
      readonly most?: number;
    }
  | { readonly groups: readonly RowGroup<Item>[] };

/** A table with a name. Rows that stand in no group are sorted by a column as the reader likes. */
export function DataTable<Item>(props: DataTableProps<Item> & Rows<Item>) {
  if ('groups' in props) return <GroupedTable {...props} />;
  return <SortedTable {...props} />;
}

type Sort = NonNullable<ComponentProps<typeof TableRoot>['sortDescriptor']>;

interface Sorting {
  readonly sortDescriptor: Sort;
  readonly onSortChange: (sort: Sort) => void;
}

const unsorted: Sort = { column: '', direction: 'ascending' };

function SortedTable<Item>({
  rows,
  most = Infinity,
  ...table
}: DataTableProps<Item> & Extract<Rows<Item>, { rows: unknown }>) {
  const [sort, setSort] = useState<Sort>(unsorted);
  const by = table.columns.find(({ id }) => id === sort.column)?.sortBy;
  const sorted = by ? sortedBy(rows, by, sort.direction === 'descending') : rows;
  return (
    <Paged items={sorted} most={most} order={`${sort.column} ${sort.direction}`}>
      {shown => (
        <GroupedTable
          {...table}
          groups={[{ id: '', heading: undefined, rows: shown }]}
          sorting={{ sortDescriptor: sort, onSortChange: setSort }}
        />
      )}
    </Paged>
  );
}

interface GroupedTableProps<Item> extends DataTableProps<Item> {
  readonly groups: readonly RowGroup<Item>[];
  readonly sorting?: Sorting;
}

/** Width of a column, as a mean, below which its words would stand under each other. */
const leastColumn = 6.5;

/** Columns share the width of the page; on narrow screens the table scrolls sideways rather than squeezing them. */
function GroupedTable<Item>({ label, columns, idOf, groups, sorting }: GroupedTableProps<Item>) {
  const headed = !sorting && groups.some(({ rows }) => rows.length > 1);
  return (
    <div className={classes.scroll}>
      <TableRoot
        aria-label={label}
        className={classes.table}
        style={{ minInlineSize: `${columns.length * leastColumn}rem` }}
        {...sorting}
      >
        <TableHeader>
          {columns.map(({ id, label: title, number, sortBy }, index) => (
            <Column
              key={id}
              id={id}
              className={number ? classes.number : undefined}
              isRowHeader={index === 0}
              allowsSorting={sorting && sortBy !== undefined}
            >
              {title}
            </Column>
          ))}
        </TableHeader>
        <TableBody>
          {groups.flatMap(({ id, heading, rows }) => [
            ...(headed
              ? [
                  <Row key={`group ${id}`} id={`group ${id}`}>
                    <Cell className={classes.heading} colSpan={columns.length}>
                      {heading}
                    </Cell>
                  </Row>,
                ]
              : []),
            ...rows.map(row => (
              <Row key={idOf(row)} id={idOf(row)}>
                {columns.map(column => (
                  <DataCell key={column.id} content={column.cell(row)} number={column.number} />
                ))}
              </Row>
            )),
          ])}
        </TableBody>
      </TableRoot>
    </div>
  );
}

function DataCell({ content, number }: { readonly content: ReactNode; readonly number: boolean | undefined }) {
  const className = number ? classes.number : classes.cell;
  if (typeof content === 'string') return <CellText className={className} title={content} />;
  return <Cell className={className}>{content}</Cell>;
}
