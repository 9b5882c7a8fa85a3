import type { KeyboardEvent } from 'react';

/**
 * Where a key leads from the cell that has the focus: along the cells, to the nearest one of the line above or below as it is drawn, or
 * to the ends.
 * @returns undefined for other keys, and where there is nothing further
 */
export function nextCell(
  cells: readonly HTMLElement[],
  { key, target }: Pick<KeyboardEvent, 'key' | 'target'>,
): HTMLElement | undefined {
  const at = cells.findIndex(cell => cell === target);
  switch (key) {
    case 'ArrowLeft':
      return cells[at - 1];
    case 'ArrowRight':
      return cells[at + 1];
    case 'Home':
      return cells[0];
    case 'End':
      return cells.at(-1);
    case 'ArrowUp':
      return inNextLine(cells.slice(0, Math.max(0, at)).toReversed(), cells[at]);
    case 'ArrowDown':
      return inNextLine(cells.slice(at + 1), cells[at]);
    default:
      return undefined;
  }
}

/** @param cells in the order in which the lines are met */
function inNextLine(cells: readonly HTMLElement[], from: HTMLElement | undefined): HTMLElement | undefined {
  if (!from) return undefined;
  const { top, left } = from.getBoundingClientRect();
  let line: number | undefined;
  let nearest: { readonly cell: HTMLElement; readonly distance: number } | undefined;
  for (const cell of cells) {
    const place = cell.getBoundingClientRect();
    if (place.top === top) continue;
    line ??= place.top;
    if (place.top !== line) break;
    const distance = Math.abs(place.left - left);
    if (!nearest || distance < nearest.distance) nearest = { cell, distance };
  }
  return nearest?.cell;
}
