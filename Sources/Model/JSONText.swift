/// JSON as text: what is written is always valid, stays on its line and says nothing to a terminal.
package enum JSONText {
    /// The text in lines, indented by two spaces a level; nil if it is not JSON.
    ///
    /// Keys keep their order, and numbers the way in which they are written.
    package static func pretty(_ text: String) -> String? { JSONReader.value(of: text)?.pretty }

    /// A list with one value a line.
    package static func list(_ values: [JSONValue]) -> String {
        guard !values.isEmpty else { return "[]" }
        return "[\n" + values.map { "  " + $0.text }.joined(separator: ",\n") + "\n]"
    }

    /// The text as a JSON string, with its quotation marks.
    package static func quoted(_ text: String) -> String {
        var output = ""
        quote(text, to: &output)
        return output
    }

    static func quote(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case let scalar where isPlain(scalar): output.unicodeScalars.append(scalar)
            default: for unit in UTF16.encode(scalar) ?? .init() { output += escape(unit) }
            }
        }
        output += "\""
    }

    /// Whether a character is written as it is: controls, line and paragraph separators, and the
    /// invisible formatting characters (among them those that turn text round) are not.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        if (" "..."~").contains(scalar) { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return false
        default: return true
        }
    }

    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
