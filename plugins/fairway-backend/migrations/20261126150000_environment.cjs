/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deliveries', table => {
    table.text('environment').comment('Null until deploy has passed, and where the record is older');
    table.text('cluster').comment('UID of the namespace kube-system');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deliveries', table => table.dropColumns('environment', 'cluster'));
};
