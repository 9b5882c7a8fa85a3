/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  // An alert that fires again is another one: its time of start is part of what names it.
  await knex.schema.createTable('acknowledgements', table => {
    table.string('fingerprint', 32).notNullable();
    table.string('since', 40).notNullable();
    table.string('by', 255).notNullable();
    table.string('at', 24).notNullable();
    table.primary(['fingerprint', 'since']);
  });
  // Replicas see the same alerts: the one that writes the row first tells the owner.
  await knex.schema.createTable('alert_notifications', table => {
    table.string('fingerprint', 32).notNullable();
    table.string('since', 40).notNullable();
    table.string('claim', 36).notNullable();
    table.string('claimed_at', 24).notNullable();
    table.string('sent_at', 24);
    table.primary(['fingerprint', 'since']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('alert_notifications');
  await knex.schema.dropTable('acknowledgements');
};
