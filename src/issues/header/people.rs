//! Who wrote an issue.

use url::Url;

use super::keys::{Key, Sheet};
use super::values::{one_line, wrong_type};
use super::{Options, Problems, shown};
use crate::issues::front::{Field, Node, Value};
use crate::model::{Person, address};

/// The authors that the front matter names, else the newsletter's.
pub(super) fn authors(
    sheet: &Sheet<'_>,
    base: &Url,
    options: &Options,
    problems: &mut Problems<'_>,
) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for known in sheet.all(Key::Authors) {
        let field = &known.field;
        let mut reader = Reader {
            key: &field.key,
            base,
            problems,
            people: &mut people,
        };
        match &field.value.value {
            Value::List(items) => items.iter().for_each(|item| reader.person(item)),
            Value::Text(text) if !known.is_singular() || text.contains('\n') => {
                let separators: &[char] = if text.contains([';', '\n']) {
                    &[';', '\n']
                } else {
                    &[',']
                };
                for name in text.split(separators) {
                    reader.named(name, &field.value);
                }
            }
            _ => reader.person(&field.value),
        }
    }
    if people.is_empty() {
        options.newsletter.authors.clone()
    } else {
        people
    }
}

struct Reader<'r, 'p> {
    key: &'r str,
    base: &'r Url,
    problems: &'r mut Problems<'p>,
    people: &'r mut Vec<Person>,
}

impl Reader<'_, '_> {
    fn person(&mut self, node: &Node<'_>) {
        match &node.value {
            Value::Table(fields) => self.described(fields, node),
            value => match value.text() {
                Some(text) => self.named(text, node),
                None => wrong_type(
                    self.key,
                    node,
                    "a name or a table with `name`",
                    self.problems,
                ),
            },
        }
    }

    /// `Ada Lovelace`, `Ada Lovelace <ada@example.org>`, `Ada Lovelace <https://example.org>`.
    fn named(&mut self, text: &str, node: &Node<'_>) {
        let text = text.trim();
        let (name, contact) = match text.strip_suffix('>').and_then(|text| text.split_once('<')) {
            Some((name, contact)) if !name.trim().is_empty() => (name, contact.trim()),
            _ => (text, ""),
        };
        let mut person = Person {
            name: one_line(name),
            ..Person::default()
        };
        if contact.contains("://") {
            person.url = self.address(contact, node);
        } else if contact.contains('@') {
            person.email = Some(one_line(contact));
        }
        self.add(person);
    }

    fn described(&mut self, fields: &[Field<'_>], node: &Node<'_>) {
        let find = |names: &[&str]| {
            fields
                .iter()
                .filter(|field| {
                    names
                        .iter()
                        .any(|name| field.key.eq_ignore_ascii_case(name))
                })
                .find_map(|field| Some((field.value.value.text()?.trim(), &field.value)))
                .filter(|(text, _)| !text.is_empty())
        };
        let Some((name, _)) = find(&["name", "display_name", "title"]) else {
            self.problems.error(
                "wrong-type",
                node.span.clone(),
                format!("`{}` has no `name`", shown(self.key)),
                Some("say who wrote the issue".to_owned()),
            );
            return;
        };
        let email = find(&["email", "mail"]).map(|(email, _)| one_line(email));
        let url = find(&["url", "uri", "link", "homepage", "website", "web"])
            .and_then(|(url, node)| self.address(url, node));
        self.add(Person {
            name: one_line(name),
            url,
            email,
        });
    }

    fn address(&mut self, written: &str, node: &Node<'_>) -> Option<String> {
        let url = address::absolute(self.base, written);
        if url.is_none() {
            self.problems.warning(
                "bad-address",
                node.span.clone(),
                format!(
                    "`{}` is not the address of a person, and is ignored",
                    shown(written)
                ),
                Some("write an address with `https://`".to_owned()),
            );
        }
        url.map(std::borrow::Cow::into_owned)
    }

    fn add(&mut self, person: Person) {
        // `author` often says again what `authors` does.
        if !person.name.is_empty() && !self.people.iter().any(|known| known.name == person.name) {
            self.people.push(person);
        }
    }
}
