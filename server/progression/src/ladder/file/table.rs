//! Typed access to a TOML table that notes every fault and every place instead of
//! stopping at the first.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::fault::Fault;
use crate::scale::OutOfRange;

/// What has been found wrong so far, and where every value stands.
pub(super) struct Reader {
    pub(super) faults: Vec<(usize, Fault)>,
    places: BTreeMap<String, usize>,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self {
            faults: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    /// Where a path stands, or the nearest thing around it that is there.
    pub(super) fn place(&self, path: &str) -> usize {
        let mut path = path;
        loop {
            if let Some(offset) = self.places.get(path) {
                return *offset;
            }
            match path.rfind(['.', '[']) {
                Some(end) => path = &path[..end],
                None => return 0,
            }
        }
    }

    fn fault(&mut self, offset: usize, path: &str, message: impl Into<String>) {
        self.faults.push((
            offset,
            Fault {
                path: path.to_owned(),
                message: message.into(),
            },
        ));
    }
}

/// A table being read; every key that is asked for is known.
pub(super) struct Table<'r, 't> {
    reader: &'r mut Reader,
    entries: &'r DeTable<'t>,
    path: String,
    offset: usize,
    known: BTreeSet<&'static str>,
}

impl<'r, 't> Table<'r, 't> {
    pub(super) fn root(reader: &'r mut Reader, table: &'r DeTable<'t>) -> Self {
        Self {
            reader,
            entries: table,
            path: String::new(),
            offset: 0,
            known: BTreeSet::new(),
        }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    /// The value of a key, its place noted.
    fn value(&mut self, key: &'static str) -> Option<&'r Spanned<DeValue<'t>>> {
        self.known.insert(key);
        let value = self.entries.get(key)?;
        self.reader
            .places
            .insert(self.path_of(key), value.span().start);
        Some(value)
    }

    /// As `value`; its absence is a fault.
    fn required(&mut self, key: &'static str) -> Option<&'r Spanned<DeValue<'t>>> {
        let value = self.value(key);
        if value.is_none() {
            let path = self.path_of(key);
            self.reader.fault(self.offset, &path, "is missing");
        }
        value
    }

    fn wrong(&mut self, key: &str, value: &Spanned<DeValue<'_>>, message: impl Into<String>) {
        let path = self.path_of(key);
        self.reader.fault(value.span().start, &path, message);
    }

    fn expected(&mut self, key: &str, value: &Spanned<DeValue<'_>>, kind: &str) {
        let message = format!("is {}; it must be {kind}", kind_of(value.get_ref()));
        self.wrong(key, value, message);
    }

    fn as_text(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.expected(key, value, "a text");
        }
        text
    }

    fn as_integer(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<i64> {
        let DeValue::Integer(integer) = value.get_ref() else {
            self.expected(key, value, "a whole number");
            return None;
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        if number.is_none() {
            self.wrong(key, value, "is too large a number");
        }
        number
    }

    pub(super) fn text(&mut self, key: &'static str) -> String {
        let value = self.required(key);
        value
            .and_then(|value| self.as_text(key, value))
            .unwrap_or_default()
    }

    pub(super) fn optional_text(&mut self, key: &'static str) -> Option<String> {
        let value = self.value(key)?;
        self.as_text(key, value)
    }

    pub(super) fn texts(&mut self, key: &'static str) -> Vec<String> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(entries) = value.get_ref().as_array() else {
            self.expected(key, value, "a list of texts");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let key = format!("{key}[{index}]");
            self.reader
                .places
                .insert(self.path_of(&key), entry.span().start);
            texts.extend(self.as_text(&key, entry));
        }
        texts
    }

    /// A name out of the fixed list of an enum.
    pub(super) fn code<T: for<'d> Deserialize<'d>>(
        &mut self,
        key: &'static str,
        otherwise: T,
    ) -> T {
        let Some(value) = self.required(key) else {
            return otherwise;
        };
        let Some(text) = self.as_text(key, value) else {
            return otherwise;
        };
        let read = T::deserialize(
            IntoDeserializer::<serde::de::value::Error>::into_deserializer(text.as_str()),
        );
        read.unwrap_or_else(|error| {
            self.wrong(key, value, error.to_string());
            otherwise
        })
    }

    /// A value of a scale.
    pub(super) fn scale<T: TryFrom<i64, Error = OutOfRange>>(
        &mut self,
        key: &'static str,
        otherwise: T,
    ) -> T {
        let Some(value) = self.required(key) else {
            return otherwise;
        };
        self.as_scale(key, value).unwrap_or(otherwise)
    }

    fn as_scale<T: TryFrom<i64, Error = OutOfRange>>(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<T> {
        match T::try_from(self.as_integer(key, value)?) {
            Ok(read) => Some(read),
            Err(error) => {
                let OutOfRange {
                    value: number,
                    min,
                    max,
                    ..
                } = error;
                let message = format!("is {number}; it must be between {min} and {max}");
                self.wrong(key, value, message);
                None
            }
        }
    }

    /// Two values of a scale, `[low, high]`.
    pub(super) fn pair<T: TryFrom<i64, Error = OutOfRange>>(
        &mut self,
        key: &'static str,
    ) -> Option<(T, T)> {
        let value = self.value(key)?;
        let entries = value
            .get_ref()
            .as_array()
            .map(|entries| entries.iter().collect::<Vec<_>>());
        let Some([low, high]) = entries.as_deref() else {
            self.expected(key, value, "a list of two whole numbers");
            return None;
        };
        Some((self.as_scale(key, low)?, self.as_scale(key, high)?))
    }

    pub(super) fn number(&mut self, key: &'static str) -> u32 {
        let value = self.required(key);
        value
            .and_then(|value| self.as_number(key, value))
            .unwrap_or_default()
    }

    pub(super) fn optional_number(&mut self, key: &'static str) -> Option<u32> {
        let value = self.value(key)?;
        self.as_number(key, value)
    }

    fn as_number(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<u32> {
        let integer = self.as_integer(key, value)?;
        let number = u32::try_from(integer).ok();
        if number.is_none() {
            self.wrong(
                key,
                value,
                format!("is {integer}; it must be between 0 and {}", u32::MAX),
            );
        }
        number
    }

    pub(super) fn optional_flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.expected(key, value, "true or false");
        }
        flag
    }

    /// Reads a table under a key; `missing` stands for one that is not there.
    pub(super) fn table<T>(
        &mut self,
        key: &'static str,
        is_required: bool,
        missing: T,
        read: impl FnOnce(&mut Table<'_, 't>) -> T,
    ) -> T {
        let value = if is_required {
            self.required(key)
        } else {
            self.value(key)
        };
        let Some(value) = value else { return missing };
        let Some(table) = value.get_ref().as_table() else {
            self.expected(key, value, "a table");
            return missing;
        };
        let path = self.path_of(key);
        Table::within(self.reader, table, path, value.span().start, read)
    }

    /// Reads every table of a list under a key; absent: none.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Table<'_, 't>) -> T,
    ) -> Option<Vec<T>> {
        let value = self.value(key)?;
        let Some(entries) = value.get_ref().as_array() else {
            self.expected(key, value, "a list of tables");
            return None;
        };
        let mut found = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let key = format!("{key}[{index}]");
            let Some(table) = entry.get_ref().as_table() else {
                self.expected(&key, entry, "a table");
                continue;
            };
            let (path, offset) = (self.path_of(&key), entry.span().start);
            self.reader.places.insert(path.clone(), offset);
            found.push(Table::within(self.reader, table, path, offset, &mut read));
        }
        Some(found)
    }

    fn within<T>(
        reader: &mut Reader,
        table: &DeTable<'t>,
        path: String,
        offset: usize,
        read: impl FnOnce(&mut Table<'_, 't>) -> T,
    ) -> T {
        let mut inner = Table {
            reader,
            entries: table,
            path,
            offset,
            known: BTreeSet::new(),
        };
        let found = read(&mut inner);
        inner.refuse_unknown();
        found
    }

    /// Every key nobody asked for.
    pub(super) fn refuse_unknown(&mut self) {
        for (key, _) in self.entries {
            if !self.known.contains(key.get_ref().as_ref()) {
                let known: Vec<_> = self.known.iter().copied().collect();
                let path = self.path_of(key.get_ref());
                let message = format!("is not known here; known are {}", known.join(", "));
                self.reader.fault(key.span().start, &path, message);
            }
        }
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
