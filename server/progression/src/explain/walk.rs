//! What a pattern is made of.

use fluent_syntax::ast::{
    CallArguments, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// What is read as it stands there.
    Text(&'a str),
    /// `$name`.
    Variable(&'a str),
    /// Another message.
    Message(&'a str),
    /// A function.
    Function(&'a str),
    /// The key of a variant.
    Key(&'a str),
    /// What this catalogue does without: terms, and attributes in a pattern.
    Foreign,
}

/// Shows every part of a pattern, in the order in which they stand there; all variants.
pub(super) fn walk<'a>(pattern: &'a Pattern<&'a str>, see: &mut impl FnMut(Piece<'a>)) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => see(Piece::Text(value)),
            PatternElement::Placeable { expression } => expressed(expression, see),
        }
    }
}

fn expressed<'a>(expression: &'a Expression<&'a str>, see: &mut impl FnMut(Piece<'a>)) {
    match expression {
        Expression::Inline(inline) => inlined(inline, see),
        Expression::Select { selector, variants } => {
            inlined(selector, see);
            for variant in variants {
                let (VariantKey::Identifier { name: key }
                | VariantKey::NumberLiteral { value: key }) = &variant.key;
                see(Piece::Key(key));
                walk(&variant.value, see);
            }
        }
    }
}

fn inlined<'a>(inline: &'a InlineExpression<&'a str>, see: &mut impl FnMut(Piece<'a>)) {
    match inline {
        InlineExpression::StringLiteral { value } => see(Piece::Text(value)),
        InlineExpression::NumberLiteral { .. } => {}
        InlineExpression::VariableReference { id } => see(Piece::Variable(id.name)),
        InlineExpression::MessageReference {
            id,
            attribute: None,
        } => see(Piece::Message(id.name)),
        InlineExpression::FunctionReference { id, arguments } => {
            see(Piece::Function(id.name));
            given(arguments, see);
        }
        InlineExpression::Placeable { expression } => expressed(expression, see),
        InlineExpression::MessageReference { .. } | InlineExpression::TermReference { .. } => {
            see(Piece::Foreign);
        }
    }
}

fn given<'a>(arguments: &'a CallArguments<&'a str>, see: &mut impl FnMut(Piece<'a>)) {
    for argument in &arguments.positional {
        inlined(argument, see);
    }
}
