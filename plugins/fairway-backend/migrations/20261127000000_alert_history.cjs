/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  // Alertmanager forgets an alert that is over. One that fires has no end yet.
  await knex.schema.createTable('alert_history', table => {
    table.string('source', 255).notNullable();
    table.string('fingerprint', 32).notNullable();
    table.string('since', 40).notNullable();
    table.string('service', 255);
    table.string('namespace', 255);
    table.string('cluster', 255);
    table.text('alert').notNullable();
    table.string('ended_at', 24).index();
    table.primary(['source', 'fingerprint', 'since']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('alert_history');
};
