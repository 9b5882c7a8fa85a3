import type { ReactNode } from 'react';
import { Cell, CellText, Column, Row, TableBody, TableHeader, TableRoot } from '@backstage/ui';
import classes from './view.module.css';

export interface TableColumn<Item> {
  readonly id: string;
  readonly label: ReactNode;
  /** A string is shown as text, `undefined` as an empty cell. */
  readonly cell: (item: Item) => ReactNode;
  readonly number?: boolean;
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

/** Groups have headings unless each has a single row. */
type Rows<Item> = { readonly rows: readonly Item[] } | { readonly groups: readonly RowGroup<Item>[] };

/** A table with a name; it scrolls sideways on narrow screens rather than squeezing its columns. */
export function DataTable<Item>({ label, columns, idOf, ...given }: DataTableProps<Item> & Rows<Item>) {
  const groups = 'groups' in given ? given.groups : [{ id: '', heading: undefined, rows: given.rows }];
  const headed = 'groups' in given && groups.some(({ rows }) => rows.length > 1);
  return (
    <div className={classes.scroll}>
      <TableRoot aria-label={label} className={classes.table}>
        <TableHeader>
          {columns.map(({ id, label: title }, index) => (
            <Column key={id} id={id} isRowHeader={index === 0}>
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
