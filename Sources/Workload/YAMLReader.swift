import Model
import Yams

/// One place in a YAML file, read strictly: what is not known is an error that says where it is.
struct YAMLReader {
    let file: String
    let path: String
    let node: Node

    /// The longest file that is read, in bytes.
    static let sizeLimit = 1_000_000
    /// The most elements of one list.
    static let listLimit = 10_000

    /// The root of a file's text.
    static func root(_ text: String, file: String) throws(ScenarioError) -> YAMLReader {
        guard text.utf8.count <= sizeLimit else {
            throw ScenarioError(
                file: file,
                line: 0,
                path: "",
                text: "it has more than \(sizeLimit) bytes"
            )
        }
        do {
            guard let node = try compose(yaml: text) else {
                throw ScenarioError(file: file, line: 0, path: "", text: "the file is empty")
            }
            return YAMLReader(file: file, path: "", node: node)
        } catch let error as ScenarioError {
            throw error
        } catch let error as YamlError {
            throw unreadable(error, file)
        } catch {
            throw ScenarioError(file: file, line: 0, path: "", text: "\(error)")
        }
    }

    private static func unreadable(_ error: YamlError, _ file: String) -> ScenarioError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ScenarioError(file: file, line: mark.line, path: "", text: "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            ScenarioError(
                file: file,
                line: context.mark.line,
                path: "",
                text: "the key “\(keys.map { "\($0)" }.joined(separator: ", "))” stands twice"
            )
        default: ScenarioError(file: file, line: 0, path: "", text: "not YAML: \(error)")
        }
    }

    func error(_ text: String) -> ScenarioError {
        ScenarioError(file: file, line: node.mark?.line ?? 0, path: path, text: text)
    }

    /// Checks that this is a mapping with no other keys than these.
    func check(keys allowed: [String]) throws(ScenarioError) {
        for (key, reader) in try members() where !allowed.contains(key) {
            throw reader.error(
                "“\(key)” is not known here; allowed: "
                    + allowed.joined(separator: ", ")
            )
        }
    }

    /// What a mapping holds, in the order of the file.
    func members() throws(ScenarioError) -> [(key: String, value: YAMLReader)] {
        guard case .mapping(let mapping) = node else {
            throw error("there must be names with values here (name: value)")
        }
        guard mapping.count <= Self.listLimit else { throw error("there are too many of them") }
        var found: [(String, YAMLReader)] = []
        for (key, value) in mapping {
            guard case .scalar(let name) = key else { throw error("a name must be plain text") }
            let inner = path.isEmpty ? name.string : path + "." + name.string
            found.append((name.string, YAMLReader(file: file, path: inner, node: value)))
        }
        return found
    }

    /// What stands under a key; nil if nothing does.
    func at(_ key: String) -> YAMLReader? {
        guard case .mapping(let mapping) = node, let value = mapping[Node(key)] else { return nil }
        let inner = path.isEmpty ? key : path + "." + key
        return YAMLReader(file: file, path: inner, node: value)
    }

    /// What stands under a key that must be there.
    func required(_ key: String) throws(ScenarioError) -> YAMLReader {
        guard let value = at(key) else { throw error("“\(key)” is missing") }
        return value
    }

    /// The elements of a list.
    func elements() throws(ScenarioError) -> [YAMLReader] {
        guard case .sequence(let list) = node else { throw error("there must be a list here") }
        guard list.count <= Self.listLimit else {
            throw error("the list has more than \(Self.listLimit) elements")
        }
        return list.enumerated().map {
            YAMLReader(file: file, path: "\(path)[\($0.offset)]", node: $0.element)
        }
    }

    /// Plain text; numbers and words count as such.
    func text() throws(ScenarioError) -> String {
        guard case .scalar(let scalar) = node else { throw error("there must be plain text here") }
        return scalar.string
    }

    /// A whole number within bounds.
    func integer(_ range: ClosedRange<Int>) throws(ScenarioError) -> Int {
        let text = try text()
        guard let value = Int(text), range.contains(value) else {
            throw error(
                "“\(text)” is not a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound)"
            )
        }
        return value
    }

    /// A number within bounds.
    func number(_ range: ClosedRange<Double>) throws(ScenarioError) -> Double {
        let text = try text()
        guard let value = Double(text), range.contains(value) else {
            throw error("“\(text)” is not a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// True or false.
    func flag() throws(ScenarioError) -> Bool {
        switch try text() {
        case "true": return true
        case "false": return false
        case let other: throw error("“\(other)” is neither true nor false")
        }
    }

    /// A length of time in milliseconds; with a minus before it, a time before the opening.
    func span() throws(ScenarioError) -> Int64 {
        let text = try text()
        let isBefore = text.hasPrefix("-")
        guard let length = Span.milliseconds(isBefore ? String(text.dropFirst()) : text) else {
            throw error("“\(text)” is not a length of time; write 90s, 5m or 2h30m")
        }
        return isBefore ? -length : length
    }

    /// A value with a decoder of its own.
    func decoded<Value: Decodable>(_ type: Value.Type) throws(ScenarioError) -> Value {
        do {
            return try YAMLDecoder().decode(type, from: node)
        } catch let wrong as DecodingError {
            throw error(Self.words(wrong))
        } catch {
            throw self.error("\(error)")
        }
    }

    private static func words(_ error: DecodingError) -> String {
        switch error {
        case .dataCorrupted(let context): context.debugDescription
        case .keyNotFound(let key, _): "“\(key.stringValue)” is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            context.debugDescription
        @unknown default: "\(error)"
        }
    }
}
