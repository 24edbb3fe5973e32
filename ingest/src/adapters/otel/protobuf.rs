//! OTLP as protocol buffers (opentelemetry-proto 1.x, `trace.proto` and `common.proto`).
//!
//! Read by hand, as far as events need it: fourteen fields, one span at a time. Structures made for all
//! of a message would let a body of empty spans, of two bytes each, fill memory two hundred times its size.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::span::{Group, Moment, Record, Span, Status, within};
use super::too_many;
use crate::decode::BATCH_EVENTS;
use crate::{Limits, Reject};

/// Levels of values within values.
const DEPTH: usize = 64;

/// What was read of a field.
#[derive(Debug, Clone, Copy)]
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Field<'a> {
    fn number(self) -> u64 {
        match self {
            Self::Number(number) => number,
            Self::Bytes(_) => 0,
        }
    }

    fn bytes(self) -> &'a [u8] {
        match self {
            Self::Number(_) => &[],
            Self::Bytes(bytes) => bytes,
        }
    }

    fn text(self) -> Result<String, Reject> {
        let text = std::str::from_utf8(self.bytes()).map_err(|_| Reject::new("", "a string is not UTF-8"))?;
        Ok(text.to_owned())
    }
}

/// The fields of a message, in order, as long as they can be read.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn field(&mut self) -> Option<(u64, Field<'a>)> {
        let key = self.varint()?;
        let field = match key & 7 {
            0 => Field::Number(self.varint()?),
            1 => Field::Number(u64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Field::Bytes(self.take(length)?)
            }
            5 => Field::Number(u32::from_le_bytes(self.take(4)?.try_into().ok()?).into()),
            _ => return None,
        };
        Some((key >> 3, field))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Field<'a>), Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let read = self.field();
        if read.is_none() {
            self.0 = &[];
        }
        Some(read.ok_or_else(|| Reject::new("", "not an export request: the protocol buffer breaks off")))
    }
}

/// # Errors
/// A body that cannot be read down to its spans, or has too many.
pub(super) fn groups(body: &[u8], limits: &Limits) -> Result<Vec<Group>, Reject> {
    let mut groups = Vec::new();
    let mut count = 0;
    for field in Fields(body) {
        let (1, of_resource) = field? else { continue };
        let mut group = Group::default();
        for field in Fields(of_resource.bytes()) {
            match field? {
                (1, resource) => within(resource.bytes().len(), limits).and_then(|()| {
                    group.resource = attributes_in(resource.bytes(), 1)?;
                    Ok(())
                })?,
                (2, of_scope) => {
                    for field in Fields(of_scope.bytes()) {
                        let (2, one) = field? else { continue };
                        count += 1;
                        if count > BATCH_EVENTS {
                            return Err(too_many());
                        }
                        group.spans.push(span(one.bytes(), limits));
                    }
                }
                _ => {}
            }
        }
        if !group.spans.is_empty() {
            groups.push(group);
        }
    }
    Ok(groups)
}

fn span(bytes: &[u8], limits: &Limits) -> Result<Span, Reject> {
    within(bytes.len(), limits)?;
    let mut span = Span::default();
    for field in Fields(bytes) {
        let (number, field) = field?;
        match number {
            1 => span.trace = hexadecimal(field.bytes()),
            2 => span.id = hexadecimal(field.bytes()),
            4 => span.parent = Some(hexadecimal(field.bytes())),
            5 => span.name = field.text()?,
            7 => span.start = field.number(),
            8 => span.end = field.number(),
            9 => {
                let (key, value) = attribute(field.bytes(), DEPTH)?;
                span.attributes.insert(key, value);
            }
            11 => span.moments.push(moment(field.bytes())?),
            15 => {
                for field in Fields(field.bytes()) {
                    match field? {
                        (2, message) => span.message = message.text()?,
                        (3, code) => span.status = Status::of(code.number()),
                        _ => {}
                    }
                }
            }
            16 => span.flags = (field.number() & 0xff) as u8,
            _ => {}
        }
    }
    span.checked()
}

fn moment(bytes: &[u8]) -> Result<Moment, Reject> {
    let mut moment = Moment { attributes: attributes_in(bytes, 3)?, ..Moment::default() };
    for field in Fields(bytes) {
        if let (2, name) = field? {
            moment.name = name.text()?;
        }
    }
    Ok(moment)
}

/// The attributes of a message, which are its fields of that number.
fn attributes_in(bytes: &[u8], number: u64) -> Result<Record, Reject> {
    let mut record = Record::new();
    for field in Fields(bytes) {
        let (found, field) = field?;
        if found == number {
            let (key, value) = attribute(field.bytes(), DEPTH)?;
            record.insert(key, value);
        }
    }
    Ok(record)
}

fn attribute(bytes: &[u8], depth: usize) -> Result<(String, Value), Reject> {
    let (mut key, mut found) = (String::new(), Value::Null);
    for field in Fields(bytes) {
        match field? {
            (1, name) => key = name.text()?,
            (2, inner) => found = value(inner.bytes(), depth)?,
            _ => {}
        }
    }
    Ok((key, found))
}

fn value(bytes: &[u8], depth: usize) -> Result<Value, Reject> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Reject::new("attributes", "nested too deeply"));
    };
    let mut found = Value::Null;
    for field in Fields(bytes) {
        let (number, field) = field?;
        found = match number {
            1 => field.text()?.into(),
            2 => (field.number() != 0).into(),
            3 => field.number().cast_signed().into(),
            4 => f64::from_bits(field.number()).into(),
            5 => {
                let mut items = Vec::new();
                for item in Fields(field.bytes()) {
                    if let (1, item) = item? {
                        items.push(value(item.bytes(), depth)?);
                    }
                }
                items.into()
            }
            6 => {
                let mut members = Record::new();
                for member in Fields(field.bytes()) {
                    if let (1, member) = member? {
                        let (key, value) = attribute(member.bytes(), depth)?;
                        members.insert(key, value);
                    }
                }
                members.into()
            }
            7 => BASE64_STANDARD.encode(field.bytes()).into(),
            _ => continue,
        };
    }
    Ok(found)
}

fn hexadecimal(bytes: &[u8]) -> String {
    hex::encode(&bytes[..bytes.len().min(32)])
}

/// An `ExportTraceServiceResponse`, which is empty when nothing was refused.
pub fn partial_success(rejected: u64, message: &str) -> Vec<u8> {
    let mut inner = Vec::new();
    if rejected > 0 {
        inner.push(1 << 3);
        push_varint(&mut inner, rejected);
    }
    push_bytes(&mut inner, 2, message.as_bytes());
    let mut out = Vec::new();
    push_bytes(&mut out, 1, &inner);
    out
}

/// A `google.rpc.Status`, as OTLP answers errors.
pub fn failure(code: u64, message: &str) -> Vec<u8> {
    let mut out = vec![1 << 3];
    push_varint(&mut out, code);
    push_bytes(&mut out, 2, message.as_bytes());
    out
}

fn push_bytes(out: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    out.push(number << 3 | 2);
    push_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn push_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
pub(super) mod tests {
    use super::{push_bytes, push_varint};

    pub(in super::super) fn push(out: &mut Vec<u8>, number: u8, bytes: &[u8]) {
        push_bytes(out, number, bytes);
    }

    /// One span with one attribute of that value.
    pub(in super::super) fn request_with_attribute(value: &[u8]) -> Vec<u8> {
        let mut attribute = Vec::new();
        push(&mut attribute, 1, b"gen_ai.x");
        push(&mut attribute, 2, value);
        let mut span = Vec::new();
        push(&mut span, 1, &[1; 16]);
        push(&mut span, 2, &[1; 8]);
        push(&mut span, 9, &attribute);
        let mut body = span;
        for number in [2, 2, 1] {
            let inner = std::mem::take(&mut body);
            push(&mut body, number, &inner);
        }
        body
    }

    #[test]
    fn numbers_have_seven_bits_a_byte() {
        let mut out = Vec::new();
        push_varint(&mut out, 300);
        assert_eq!(out, [0xac, 0x02]);
        assert_eq!(super::Fields(&out).varint(), Some(300));
    }
}
