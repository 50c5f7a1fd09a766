//! Values of JSON as far as they fit, so that one of the wrong type costs only itself.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::limits;

/// A string, or a number or a truth value as one; nothing for everything else.
#[derive(Default)]
pub(super) struct Loose(pub(super) Option<String>);

impl Loose {
    /// The text without control characters, trimmed; `None` where nothing is left.
    pub(super) fn text(self) -> Option<String> {
        let text = self.0?;
        // JSON may hold what XML forbids, and nothing downstream expects it.
        let bad = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
        let text = if text.contains(bad) {
            text.replace(bad, "")
        } else {
            text
        };
        let trimmed = text.trim();
        match trimmed.len() {
            0 => None,
            length if length == text.len() => Some(text),
            _ => Some(trimmed.to_owned()),
        }
    }

    /// The whole part of a number.
    pub(super) fn number(&self) -> Option<u64> {
        self.0.as_deref()?.split('.').next()?.parse().ok()
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_str<E>(self, value: &str) -> Result<Loose, E> {
        Ok(Loose(Some(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Loose, E> {
        Ok(Loose(Some(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Loose, E> {
        Ok(Loose(Some(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Loose, E> {
        Ok(Loose(Some(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Loose, E> {
        Ok(Loose(Some(value.to_string())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Loose, E> {
        Ok(Loose(None))
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Loose, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose(None))
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

/// What a string means where an object should stand.
pub(super) trait FromText: Default {
    fn from_text(_text: String) -> Self {
        Self::default()
    }
}

impl FromText for Loose {
    fn from_text(text: String) -> Self {
        Self(Some(text))
    }
}

/// An object, or what is there instead as far as it fits.
#[derive(Default)]
pub(super) struct Fit<T>(pub(super) T);

/// A list up to a bound; one element alone is a list of one.
pub(super) struct Many<T>(pub(super) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: FromText + Deserialize<'de>> Deserialize<'de> for Fit<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let many = deserializer.deserialize_any(ManyVisitor(PhantomData))?;
        Ok(Self(many.0.into_iter().next().unwrap_or_default()))
    }
}

impl<'de, T: FromText + Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}

struct ManyVisitor<T>(PhantomData<T>);

impl<'de, T: FromText + Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_str<E>(self, value: &str) -> Result<Many<T>, E> {
        Ok(Many(vec![T::from_text(value.to_owned())]))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Many<T>, E> {
        Ok(Many(vec![T::from_text(value.to_string())]))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Many<T>, E> {
        Ok(Many(vec![T::from_text(value.to_string())]))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Many<T>, E> {
        Ok(Many(vec![T::from_text(value.to_string())]))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Many<T>, E> {
        Ok(Many::default())
    }

    fn visit_unit<E>(self) -> Result<Many<T>, E> {
        Ok(Many::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Many<T>, A::Error> {
        let mut many = Vec::new();
        while many.len() < limits::ENTRIES {
            match list.next_element::<Fit<T>>()? {
                Some(element) => many.push(element.0),
                None => return Ok(Many(many)),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Many(many))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Many<T>, A::Error> {
        Ok(Many(vec![T::deserialize(MapAccessDeserializer::new(map))?]))
    }
}
