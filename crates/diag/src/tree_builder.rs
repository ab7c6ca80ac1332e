//! Builder that turns parser events into a tree of located values, within the limits.

use std::{collections::BTreeMap, ops::Range};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use super::{
    DEPTH_MAX, DiagnosticCollector, MappingEntry, NODES_MAX, NodeContent, SourceText, YamlNode,
    code, scalar, text::quote,
};

/// A list or mapping that is not closed yet.
struct OpenCollection {
    start: usize,
    anchor: usize,
    /// A key whose value has not been read; always `None` in a list.
    key: Option<(String, Range<usize>)>,
    kind: CollectionKind,
}

enum CollectionKind {
    List(Vec<YamlNode>),
    /// The entries, and the index of each key.
    Map(Vec<MappingEntry>, BTreeMap<String, usize>),
}

/// Parsing cannot continue; the reason is in the collector.
struct ParseStopped;

struct TreeBuilder<'s> {
    source: &'s SourceText,
    sink: &'s mut DiagnosticCollector,
    /// Byte offset of each character; empty for ASCII, where both are equal.
    bytes: Vec<usize>,
    open: Vec<OpenCollection>,
    anchors: BTreeMap<usize, YamlNode>,
    nodes: usize,
    root: Option<YamlNode>,
}

/// Reads the single document of `source`. Returns `None` if it is empty or cannot be read; in the
/// latter case the collector holds the reason.
pub(super) fn build_tree(source: &SourceText, sink: &mut DiagnosticCollector) -> Option<YamlNode> {
    let text = source.text();
    let bytes =
        if text.is_ascii() { vec![] } else { text.char_indices().map(|(at, _)| at).collect() };
    let (open, anchors, nodes, root) = (vec![], BTreeMap::new(), 0, None);
    let mut builder = TreeBuilder { source, sink, bytes, open, anchors, nodes, root };
    let mut parser = Parser::new_from_str(text);
    let mut documents = 0_u32;
    while let Some(next) = parser.next_event() {
        let step = match next {
            Ok((Event::DocumentStart(_), span)) => {
                documents += 1;
                if documents > 1 { builder.second_document(span) } else { Ok(()) }
            }
            Ok((event, span)) => builder.on_event(event, span),
            Err(error) => builder.syntax(&error),
        };
        if step.is_err() {
            return None;
        }
    }
    builder.root
}

impl TreeBuilder<'_> {
    fn byte(&self, character: usize) -> usize {
        let len = self.source.text().len();
        if self.bytes.is_empty() {
            return character.min(len);
        }
        self.bytes.get(character).copied().unwrap_or(len)
    }

    fn range(&self, span: Span) -> Range<usize> {
        self.byte(span.start.index())..self.byte(span.end.index())
    }

    fn second_document(&mut self, span: Span) -> Result<(), ParseStopped> {
        let range = self.range(span);
        let message = "a second document begins here".into();
        self.sink
            .report(code::DOCUMENTS, &range, message)
            .with_help("put it into a file of its own: one file holds one workflow or one overlay");
        Err(ParseStopped)
    }

    fn syntax(&mut self, error: &ScanError) -> Result<(), ParseStopped> {
        let at = self.byte(error.marker().index());
        report_syntax_error(self.source, at, error.info(), self.sink);
        Err(ParseStopped)
    }

    fn on_event(&mut self, event: Event<'_>, span: Span) -> Result<(), ParseStopped> {
        let range = self.range(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.tag(tag.as_deref(), &range);
                self.scalar(&text, style, anchor, range)
            }
            Event::SequenceStart(anchor, tag) => {
                self.tag(tag.as_deref(), &range);
                self.open_collection(CollectionKind::List(vec![]), anchor, &range)
            }
            Event::MappingStart(anchor, tag) => {
                self.tag(tag.as_deref(), &range);
                self.open_collection(CollectionKind::Map(vec![], BTreeMap::new()), anchor, &range)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.end(&range);
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, range),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn tag(&mut self, tag: Option<&Tag>, range: &Range<usize>) {
        if let Some(tag) = tag {
            // The tag as written (`!!int`) if the text at this place begins with it, otherwise as
            // the parser spells it.
            let rest = self.source.text().get(range.start..).unwrap_or("");
            let written = rest.split_whitespace().next().filter(|word| word.starts_with('!'));
            let tag = written.map_or_else(|| tag.to_string(), Into::into);
            let message = format!("the tag {} is not read", quote(&tag));
            self.sink
                .report(code::TAG, range, message)
                .with_help("remove it; quotes make a value text");
        }
    }

    fn awaits_key(&self) -> bool {
        self.open
            .last()
            .is_some_and(|o| matches!(o.kind, CollectionKind::Map(..)) && o.key.is_none())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        range: Range<usize>,
    ) -> Result<(), ParseStopped> {
        if self.awaits_key() {
            if let Some(open) = self.open.last_mut() {
                open.key = Some((text.into(), range));
            }
            return Ok(());
        }
        let plain = style == ScalarStyle::Plain;
        let content = scalar::parse_scalar(text, plain).unwrap_or_else(|()| {
            let message = format!("{} is not a number that JSON can represent", quote(text));
            self.sink
                .report(code::NO_NUMBER, &range, message)
                .with_help("write a finite number, or put it in quotes if it is meant as text");
            NodeContent::Null
        });
        // An empty value has no place of its own and takes the place of its key.
        let key = self.open.last().and_then(|open| open.key.as_ref());
        let span =
            if range.is_empty() { key.map_or(range, |(_, span)| span.clone()) } else { range };
        self.count(1, &span)?;
        self.attach_node(YamlNode { span, content }, anchor);
        Ok(())
    }

    fn open_collection(
        &mut self,
        kind: CollectionKind,
        anchor: usize,
        range: &Range<usize>,
    ) -> Result<(), ParseStopped> {
        self.not_as_key(range)?;
        self.count(1, range)?;
        self.depth(1, range)?;
        self.open.push(OpenCollection { start: range.start, anchor, key: None, kind });
        Ok(())
    }

    fn end(&mut self, range: &Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        let (content, last) = match open.kind {
            CollectionKind::List(items) => {
                let last = items.last().map(|node| node.span.end);
                (NodeContent::List(items), last)
            }
            CollectionKind::Map(entries, _) => {
                let last = entries.last().map(|entry| entry.value.span.end);
                (NodeContent::Map(entries), last)
            }
        };
        // A block has no closing mark: it ends with its last value.
        let end = if range.is_empty() { last.unwrap_or(open.start) } else { range.end };
        self.attach_node(YamlNode { span: open.start..end.max(open.start), content }, open.anchor);
    }

    fn alias(&mut self, anchor: usize, range: Range<usize>) -> Result<(), ParseStopped> {
        self.not_as_key(&range)?;
        let Some(target) = self.anchors.get(&anchor) else {
            let message = "this alias is inside the value it names".into();
            self.sink.report(code::ALIAS_RING, &range, message).with_help("write the value out");
            return Err(ParseStopped);
        };
        let (size, height) = measure(target);
        // The size is counted before the copy; this is the defense against an alias bomb.
        self.count(size, &range)?;
        self.depth(height, &range)?;
        if let Some(target) = self.anchors.get(&anchor).cloned() {
            self.attach_node(target, 0);
        }
        Ok(())
    }

    fn not_as_key(&mut self, range: &Range<usize>) -> Result<(), ParseStopped> {
        if !self.awaits_key() {
            return Ok(());
        }
        let message = "a key must be one word".into();
        self.sink
            .report(code::KEY_SHAPE, range, message)
            .label("a list, mapping or alias as a key");
        Err(ParseStopped)
    }

    fn count(&mut self, more: usize, range: &Range<usize>) -> Result<(), ParseStopped> {
        self.nodes += more;
        if self.nodes <= NODES_MAX {
            return Ok(());
        }
        let message = format!("the file holds more than {NODES_MAX} values");
        self.sink
            .report(code::TOO_MANY, range, message)
            .with_help("an alias counts each time it is used; write out what is needed");
        Err(ParseStopped)
    }

    fn depth(&mut self, more: usize, range: &Range<usize>) -> Result<(), ParseStopped> {
        if self.open.len() + more <= DEPTH_MAX {
            return Ok(());
        }
        too_deep(range, self.sink);
        Err(ParseStopped)
    }

    /// Attaches a finished value to its list, mapping or document.
    fn attach_node(&mut self, node: YamlNode, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match (&mut open.kind, open.key.take()) {
            (CollectionKind::List(items), _) => items.push(node),
            (CollectionKind::Map(entries, keys), Some((key, key_span))) => {
                let entry = MappingEntry { key, key_span, value: node };
                add(entries, keys, entry, self.sink);
            }
            // A mapping always reads a key before its value, so a key exists here.
            (CollectionKind::Map(..), None) => {}
        }
    }
}

fn add(
    entries: &mut Vec<MappingEntry>,
    keys: &mut BTreeMap<String, usize>,
    entry: MappingEntry,
    sink: &mut DiagnosticCollector,
) {
    if entry.key == "<<" {
        let message = "merge keys are not read".into();
        sink.report(code::MERGE_KEY, &entry.key_span, message)
            .with_help("write the values out, or use an alias as the value of a key");
    } else if let Some(first) = keys.get(&entry.key).and_then(|at| entries.get(*at)) {
        let message = format!("the key {} is given twice", quote(&entry.key));
        sink.report(code::DUPLICATE_KEY, &entry.key_span, message)
            .label("again here")
            .with_related(&first.key_span, "first given here");
    } else {
        keys.insert(entry.key.clone(), entries.len());
        entries.push(entry);
    }
}

fn too_deep(range: &Range<usize>, sink: &mut DiagnosticCollector) {
    let message = format!("lists and mappings are nested more than {DEPTH_MAX} deep");
    sink.report(code::TOO_DEEP, range, message);
}

/// Returns the number of values in a node, including itself, and its depth.
fn measure(node: &YamlNode) -> (usize, usize) {
    let inner: Vec<(usize, usize)> = match &node.content {
        NodeContent::List(items) => items.iter().map(measure).collect(),
        NodeContent::Map(entries) => entries.iter().map(|entry| measure(&entry.value)).collect(),
        NodeContent::Null
        | NodeContent::Bool(_)
        | NodeContent::Number(_)
        | NodeContent::Text(_) => {
            return (1, 0);
        }
    };
    let size = inner.iter().map(|(size, _)| size).sum::<usize>();
    let height = inner.iter().map(|(_, height)| *height).max().unwrap_or(0);
    (size + 1, height + 1)
}

/// Reports a syntax error at byte `at`; names a tab in the indentation as the cause where it is.
pub(super) fn report_syntax_error(
    source: &SourceText,
    at: usize,
    info: &str,
    sink: &mut DiagnosticCollector,
) {
    // A file that ends too early is reported at its last character, not on the empty line below.
    let ended = source.text().get(at..).is_none_or(|rest| rest.trim().is_empty());
    let last = source.text().trim_end().char_indices().next_back().map_or(0, |(at, _)| at);
    let at = if ended { last } else { at };
    let (line, _) = source.line_column(at);
    let start = source.line_start(line);
    let text = source.text().get(start..).unwrap_or("");
    let indent = text.find(|c: char| c != ' ' && c != '\t').unwrap_or(0);
    if let Some(tab) = text.get(..indent).and_then(|indent| indent.find('\t')) {
        let message = "a tab indents this line".into();
        sink.report(code::TAB, &(start + tab..start + tab + 1), message)
            .label("tab")
            .with_help("YAML is indented with spaces only");
        return;
    }
    // The parsers have limits of their own above ours, which their look-ahead can reach first.
    if info.contains("recursion limit") {
        too_deep(&(at..at + 1), sink);
        return;
    }
    sink.report(code::SYNTAX, &(at..at + 1), format!("this is not YAML: {info}"));
}
