//! Who may use the review pages: accounts, and the sessions of browsers.
//!
//! Both belong to a newsletter: who may decide for one may not decide for another. Passwords come as hashes
//! and tokens come as hashes: nobody who reads the file can sign in with what is in it.

use chrono::{DateTime, Utc};

use super::rows::{to_instant, to_millis};
use super::sql::{query, query_scalar};
use super::{Error, Store, Writing};

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What is typed to sign in, in small letters.
    pub name: String,
    /// The name that decisions carry.
    pub curator: String,
    /// The hash of the password, as PHC strings are written.
    pub password: String,
    /// When it was made.
    pub added: DateTime<Utc>,
    /// When the password was last set.
    pub changed: DateTime<Utc>,
}

/// The hash of a session's token.
pub type TokenHash = [u8; 32];

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose it is; none: made on the machine itself, where there were no accounts.
    pub account: Option<String>,
    /// The name that decisions carry.
    pub curator: String,
    /// When it began.
    pub made: DateTime<Utc>,
    /// When it ends.
    pub expires: DateTime<Utc>,
}

impl Store {
    /// Adds an account; `false` where its name is taken, and nothing changed.
    pub async fn add_account(&self, account: &Account) -> Result<bool, Error> {
        let done = query(
            "INSERT INTO account (newsletter, name, curator, password, added, changed) \
             VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (newsletter, name) DO NOTHING",
        )
        .bind(self.newsletter())
        .bind(&account.name)
        .bind(&account.curator)
        .bind(&account.password)
        .bind(to_millis(account.added))
        .bind(to_millis(account.changed))
        .execute(&self.pool)
        .await
        .map_err(|error| self.error("add an account", error))?;
        Ok(done > 0)
    }

    /// All accounts, by name.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        self.read_accounts(
            "SELECT name, curator, password, added, changed FROM account \
             WHERE newsletter = ?1 AND ?2 IS NULL ORDER BY name",
            None,
        )
        .await
    }

    /// The account of this name.
    pub async fn account(&self, name: &str) -> Result<Option<Account>, Error> {
        let found = self
            .read_accounts(
                "SELECT name, curator, password, added, changed FROM account \
                 WHERE newsletter = ?1 AND name = ?2",
                Some(name),
            )
            .await?;
        Ok(found.into_iter().next())
    }

    async fn read_accounts(
        &self,
        statement: &'static str,
        name: Option<&str>,
    ) -> Result<Vec<Account>, Error> {
        let attempt = "read the accounts";
        let rows = query(statement)
            .bind(self.newsletter())
            .bind(name)
            .fetch_all(&self.pool)
            .await
            .map_err(|error| self.error(attempt, error))?;
        rows.iter()
            .map(|row| {
                Ok(Account {
                    name: row.try_get(0)?,
                    curator: row.try_get(1)?,
                    password: row.try_get(2)?,
                    added: to_instant(row.try_get(3)?),
                    changed: to_instant(row.try_get(4)?),
                })
            })
            .collect::<Result<_, sqlx::Error>>()
            .map_err(|error| self.error(attempt, error))
    }

    /// Whether there is any account.
    pub async fn has_accounts(&self) -> Result<bool, Error> {
        query_scalar("SELECT EXISTS (SELECT 1 FROM account WHERE newsletter = ?)")
            .bind(self.newsletter())
            .fetch_one(&self.pool)
            .await
            .map_err(|error| self.error("read the accounts", error))
    }

    /// Sets an account's password and ends its sessions; `false` where there is no such account.
    pub async fn set_password(
        &self,
        name: &str,
        password: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, Error> {
        let attempt = "set a password";
        let mut writing = self.writing().await?;
        let done =
            query("UPDATE account SET password = ?, changed = ? WHERE newsletter = ? AND name = ?")
                .bind(password)
                .bind(to_millis(now))
                .bind(self.newsletter())
                .bind(name)
                .execute(&mut writing)
                .await
                .map_err(|error| self.error(attempt, error))?;
        self.end_sessions_of(name, writing, attempt).await?;
        Ok(done > 0)
    }

    /// Removes an account and ends its sessions; `false` where there is none.
    pub async fn remove_account(&self, name: &str) -> Result<bool, Error> {
        let attempt = "remove an account";
        let mut writing = self.writing().await?;
        let done = query("DELETE FROM account WHERE newsletter = ? AND name = ?")
            .bind(self.newsletter())
            .bind(name)
            .execute(&mut writing)
            .await
            .map_err(|error| self.error(attempt, error))?;
        self.end_sessions_of(name, writing, attempt).await?;
        Ok(done > 0)
    }

    /// Ends what was begun with an account, with the change to the account itself or not at all.
    async fn end_sessions_of(
        &self,
        name: &str,
        mut writing: Writing,
        attempt: &'static str,
    ) -> Result<(), Error> {
        query("DELETE FROM session WHERE newsletter = ? AND account = ?")
            .bind(self.newsletter())
            .bind(name)
            .execute(&mut writing)
            .await
            .map_err(|error| self.error(attempt, error))?;
        writing
            .commit()
            .await
            .map_err(|error| self.error(attempt, error))
    }

    /// Begins a session, and forgets those that have ended. One of an account begins only while
    /// the account has the password that was checked: `false` where it was removed or changed
    /// meanwhile.
    pub async fn begin_session(
        &self,
        token: &TokenHash,
        session: &Session,
        password: Option<&str>,
    ) -> Result<bool, Error> {
        let attempt = "begin a session";
        let mut writing = self.writing().await?;
        query("DELETE FROM session WHERE expires <= ?")
            .bind(to_millis(session.made))
            .execute(&mut writing)
            .await
            .map_err(|error| self.error(attempt, error))?;
        let done = query(
            "INSERT INTO session (token, account, curator, made, expires, newsletter) \
             SELECT ?1, ?2, ?3, ?4, ?5, ?7 WHERE CASE WHEN ?2 IS NULL \
             THEN NOT EXISTS (SELECT 1 FROM account WHERE newsletter = ?7) ELSE EXISTS \
             (SELECT 1 FROM account WHERE newsletter = ?7 AND name = ?2 AND password = ?6) END",
        )
        .bind(token.as_slice())
        .bind(&session.account)
        .bind(&session.curator)
        .bind(to_millis(session.made))
        .bind(to_millis(session.expires))
        .bind(password)
        .bind(self.newsletter())
        .execute(&mut writing)
        .await
        .map_err(|error| self.error(attempt, error))?;
        writing
            .commit()
            .await
            .map_err(|error| self.error(attempt, error))?;
        Ok(done > 0)
    }

    /// The session of a token that holds now: it has not ended, and it is of an account, or there
    /// are no accounts.
    pub async fn session(
        &self,
        token: &TokenHash,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, Error> {
        let attempt = "look up a session";
        let row = query(
            "SELECT account, curator, made, expires FROM session \
             WHERE token = ?1 AND expires > ?2 AND made <= ?2 + 86400000 AND newsletter = ?3 \
             AND (account IS NOT NULL \
             OR NOT EXISTS (SELECT 1 FROM account WHERE newsletter = ?3))",
        )
        .bind(token.as_slice())
        .bind(to_millis(now))
        .bind(self.newsletter())
        .fetch_optional(&self.pool)
        .await
        .map_err(|error| self.error(attempt, error))?;
        row.map(|row| {
            Ok(Session {
                account: row.try_get(0)?,
                curator: row.try_get(1)?,
                made: to_instant(row.try_get(2)?),
                expires: to_instant(row.try_get(3)?),
            })
        })
        .transpose()
        .map_err(|error: sqlx::Error| self.error(attempt, error))
    }

    /// Lets a session last until a later instant.
    pub async fn extend_session(
        &self,
        token: &TokenHash,
        expires: DateTime<Utc>,
    ) -> Result<(), Error> {
        query("UPDATE session SET expires = ? WHERE token = ?")
            .bind(to_millis(expires))
            .bind(token.as_slice())
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("extend a session", error))?;
        Ok(())
    }

    /// Ends a session.
    pub async fn end_session(&self, token: &TokenHash) -> Result<(), Error> {
        query("DELETE FROM session WHERE token = ?")
            .bind(token.as_slice())
            .execute(&self.pool)
            .await
            .map_err(|error| self.error("end a session", error))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
