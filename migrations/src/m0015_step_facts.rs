//! Steps that what happens to the task ticks by itself.

use crate::a;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::string_null;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Steps as new offices have got them, in Russian, and what shows that they are done.
const KNOWN: [(&str, &str); 3] = [
    ("Заявка подана в кабинете НУЦ", "filed"),
    ("Подтверждение владельца: по телефону (SMS) или биометрией", "confirmed"),
    ("Старый сертификат отозван, отзыв проверен", "old_revoked"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for table in ["step_template", "task_step"] {
            m.alter_table(Table::alter().table(a(table)).add_column(string_null(a("fact"))).to_owned()).await?;
            for (text, fact) in KNOWN {
                let mut same = Query::update();
                same.table(a(table)).value(a("fact"), fact).and_where(Expr::col(a("text_ru")).eq(text));
                m.execute(same.to_owned()).await?;
            }
        }
        Ok(())
    }
}
