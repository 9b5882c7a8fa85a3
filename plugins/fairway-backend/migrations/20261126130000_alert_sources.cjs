/** Tables of what is known of alerts, each with its further columns. */
const tables = {
  acknowledgements: table => {
    table.string('by', 255).notNullable();
    table.string('at', 24).notNullable();
  },
  alert_notifications: table => {
    table.string('claim', 36).notNullable();
    table.string('claimed_at', 24).notNullable();
    table.string('sent_at', 24);
  },
};

/**
 * Makes the tables again, with another primary key: SQLite cannot change one.
 * @param {import('knex').Knex} knex
 * @param {readonly string[]} key
 */
async function remake(knex, key, ofOld) {
  for (const [name, columns] of Object.entries(tables)) {
    const rows = await knex(name);
    await knex.schema.dropTable(name);
    await knex.schema.createTable(name, table => {
      if (key.includes('source')) table.string('source', 255).notNullable();
      table.string('fingerprint', 32).notNullable();
      table.string('since', 40).notNullable();
      columns(table);
      table.primary(key);
    });
    for (const row of ofOld(rows)) await knex(name).insert(row);
  }
}

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  // Alertmanagers of two clusters give the same fingerprint to two alerts. Of which one a row was is not known: it keeps
  // its word for both, until it is pruned with the alert.
  await remake(knex, ['source', 'fingerprint', 'since'], rows => rows.map(row => ({ ...row, source: '' })));
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  const first = rows => [...new Map(rows.toReversed().map(row => [`${row.fingerprint} ${row.since}`, row])).values()];
  await remake(knex, ['fingerprint', 'since'], rows => first(rows).map(({ source: _source, ...row }) => row));
};
