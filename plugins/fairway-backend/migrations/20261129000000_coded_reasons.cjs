/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('deliveries', table => {
    table.text('coded_reason').comment('JSON of the reason as a code, with the sentence that it is of');
    table.text('objectives_coded').comment('The same of objectives_reason');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('deliveries', table => table.dropColumns('coded_reason', 'objectives_coded'));
};
