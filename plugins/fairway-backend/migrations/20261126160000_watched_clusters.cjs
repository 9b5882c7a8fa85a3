/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  // Records name a cluster by the UID of its namespace kube-system, the portal by its configuration. Stored, so that a cluster that
  // does not answer is still known by its name.
  await knex.schema.createTable('watched_clusters', table => {
    table.string('name', 255).primary();
    table.string('uid', 64).notNullable();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('watched_clusters');
};
