// Load tests of deliveries differ in load, hardware and objectives: they are no comparison of engines, so none is stored any more.

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.dropTable('benchmarks');
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.createTable('benchmarks', table => {
    table.string('delivery', 64).primary().references('id').inTable('deliveries').onDelete('CASCADE');
    table.text('benchmark').notNullable();
  });
};
