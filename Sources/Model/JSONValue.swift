/// A JSON value whose objects keep the order of their keys.
package indirect enum JSONValue: Hashable, Sendable {
    /// Nothing.
    case null
    /// True or false.
    case bool(Bool)
    /// A number, as it is written.
    case number(String)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Keys with their values, in order.
    case object([Member])

    /// One key of an object with its value.
    package struct Member: Hashable, Sendable {
        /// The key.
        package let key: String
        /// Its value.
        package let value: JSONValue

        /// A key with its value.
        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// A text, or null.
    package init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }
    /// A whole number, or null.
    package init(_ number: Int64?) { self = number.map { .number(String($0)) } ?? .null }
    /// A whole number.
    package init(_ number: Int) { self = .number(String(number)) }
    /// A moment in RFC 3339, in UTC with milliseconds, or null.
    package init(_ moment: Timestamp?) { self.init(moment?.description) }
    /// A job's number, or null.
    package init(_ job: JobID?) { self.init(job?.number) }
    /// Texts by name, sorted by their names.
    package init(_ texts: [String: String]) {
        let sorted = texts.sorted { $0.key < $1.key }
        self = .object(sorted.map { Member($0.key, .string($0.value)) })
    }

    /// An object with these keys, in this order.
    package static func object(of members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member($0.key, $0.value) })
    }

    /// The members of an object; none for anything else.
    package var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }

    /// The value in one line, without spaces.
    package var text: String {
        var output = ""
        write(to: &output, indent: nil)
        return output
    }

    /// The value in lines, indented by two spaces a level.
    package var pretty: String {
        var output = ""
        write(to: &output, indent: 0)
        return output
    }

    private func write(to output: inout String, indent: Int?) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .number(let digits): output += digits
        case .string(let text): JSONText.quote(text, to: &output)
        case .array(let values):
            Self.list(values, "[", "]", to: &output, indent: indent) { value, output, inner in
                value.write(to: &output, indent: inner)
            }
        case .object(let members):
            Self.list(members, "{", "}", to: &output, indent: indent) { member, output, inner in
                JSONText.quote(member.key, to: &output)
                output += inner == nil ? ":" : ": "
                member.value.write(to: &output, indent: inner)
            }
        }
    }

    private static func list<Element>(
        _ elements: [Element],
        _ open: String,
        _ close: String,
        to output: inout String,
        indent: Int?,
        write: (Element, inout String, Int?) -> Void
    ) {
        output += open
        let inner = indent.map { $0 + 1 }
        for (place, element) in elements.enumerated() {
            if place > 0 { output += "," }
            if let inner { output += "\n" + String(repeating: "  ", count: inner) }
            write(element, &output, inner)
        }
        if let indent, !elements.isEmpty {
            output += "\n" + String(repeating: "  ", count: indent)
        }
        output += close
    }
}
