/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  // Where a service was seen in a watched cluster, and since when it is gone from there: what a cluster does not have now may
  // be on its way, and after a restart of the portal nobody would know that it was ever there.
  await knex.schema.createTable('service_presence', table => {
    table.string('cluster', 255).notNullable();
    table.string('namespace', 63).notNullable();
    table.string('service', 63).notNullable();
    table.string('gone_since', 24);
    table.primary(['cluster', 'namespace', 'service']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('service_presence');
};
