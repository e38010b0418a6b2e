import Foundation
import Model
import Operations
import Yams

/// Orders in a file or on standard input: YAML, or one JSON object a line.
struct OrderFile {
    /// One order as it is written.
    struct Row {
        /// Where it stands: `orders.yaml: [3]`.
        let place: String
        /// What others of the file call it.
        var label: String?
        /// Its kind, target and parameters.
        var job: ChildSpec
        /// All other words that it says about itself.
        var words: [String: String] = [:]
        /// The jobs and labels it comes after.
        var after: [String] = []
    }

    /// The longest file, in bytes.
    private static let sizeLimit = 16_000_000
    /// How many values a file may hold, each one counted as often as it is referred to.
    private static let valueLimit = 500_000

    private static let keys = [
        "label", "kind", "target", "parameters", "after", "afterFailure", "key", "priority", "at",
        "account", "lock", "coalesce",
    ]

    // MARK: What files say

    /// The parameters of a sequence whose jobs stand in a file.
    static func sequence(_ file: String) throws -> [String: String] {
        let value = try yaml(try text(of: file), file)
        do {
            var parameters = try SequenceSpec(value).parameters
            // What the file leaves out can be said on the command line.
            if value.members.allSatisfy({ $0.key != "onFailure" }) { parameters["onFailure"] = nil }
            if value.members.allSatisfy({ $0.key != "concurrency" }) {
                parameters["concurrency"] = nil
            }
            return parameters
        } catch {
            throw Complaint(.usage, "\(shown(file)): \(error.text)")
        }
    }

    /// Many orders.
    static func orders(_ file: String) throws -> [Row] {
        let text = try text(of: file)
        let rows: [Row]
        do {
            rows = try isLines(text, file) ? lines(text, file) : list(try yaml(text, file), file)
        } catch let failure as Failure { throw Complaint(.usage, failure.text) }
        guard !rows.isEmpty else { throw Complaint(.usage, "\(shown(file)) holds no order") }
        guard rows.count <= SubmissionLimits.orders else {
            throw Complaint(
                .usage,
                "\(shown(file)) holds \(rows.count) orders; at most \(SubmissionLimits.orders) can "
                    + "be submitted at once"
            )
        }
        return rows
    }

    private static func isLines(_ text: String, _ file: String) -> Bool {
        if file.hasSuffix(".jsonl") || file.hasSuffix(".ndjson") { return true }
        return text.first { !$0.isWhitespace } == "{"
    }

    private static func lines(_ text: String, _ file: String) throws -> [Row] {
        var rows: [Row] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            let place = "\(shown(file)):\(number + 1)"
            guard let value = JSONValue(json: String(line)) else {
                throw Complaint(.usage, "\(place): this is no JSON object; write one a line")
            }
            rows.append(try row(value, place))
        }
        return rows
    }

    private static func list(_ value: JSONValue, _ file: String) throws -> [Row] {
        guard case .array(let elements) = value else {
            throw Complaint(
                .usage,
                "\(shown(file)): there must be a list of orders: “- kind: vm.start” and so on; "
                    + "for a sequence write: submit sequence --file \(file)"
            )
        }
        return try elements.enumerated().map { number, element in
            try row(element, "\(shown(file)): [\(number)]")
        }
    }

    private static func row(_ value: JSONValue, _ place: String) throws -> Row {
        let here = Place(place)
        if case .string = value {
            guard case .job(let job) = try SequenceSpec(.array([value])).items.first else {
                throw here.wrong("“kind” is missing")
            }
            return Row(place: place, job: job)
        }
        let fields = try here.fields(of: value, known: keys)
        guard let kind = try here.text(fields, "kind"), !kind.isEmpty else {
            throw here.wrong("“kind” is missing")
        }
        let target = try here.text(fields, "target") ?? ""
        let job = ChildSpec(
            kind,
            Target(target, defaultType: ""),
            parameters: try here.texts(fields, "parameters")
        )
        var row = Row(place: place, label: try here.text(fields, "label"), job: job)
        for name in keys.dropFirst(5) { row.words[name] = try here.text(fields, name) }
        switch fields["after"] {
        case nil, .null: break
        case .array(let jobs)?:
            for job in jobs { row.after.append(try here.text(["after": job], "after") ?? "") }
        default: row.after = [try here.text(fields, "after") ?? ""]
        }
        return row
    }

    // MARK: Reading

    private static func shown(_ file: String) -> String { file == "-" ? "standard input" : file }

    private static func text(of file: String) throws -> String {
        let data: Data?
        if file == "-" {
            data = try FileHandle.standardInput.read(upToCount: sizeLimit + 1) ?? Data()
        } else {
            data =
                try? FileHandle(forReadingFrom: URL(fileURLWithPath: file))
                .read(upToCount: sizeLimit + 1) ?? Data()
        }
        guard let data else { throw Complaint(.notFound, "\(file) cannot be read") }
        guard data.count <= sizeLimit else {
            throw Complaint(.usage, "\(shown(file)) has more than \(sizeLimit) bytes")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Complaint(.usage, "\(shown(file)) is not UTF-8 text")
        }
        return text
    }

    private static func yaml(_ text: String, _ file: String) throws -> JSONValue {
        do {
            guard let node = try compose(yaml: text) else {
                throw Complaint(.usage, "\(shown(file)) is empty")
            }
            var left = valueLimit
            guard let value = value(of: node, depth: 0, left: &left) else {
                throw Complaint(.usage, "\(shown(file)) holds too much, or is nested too deep")
            }
            return value
        } catch let error as YamlError {
            throw Complaint(.usage, "\(shown(file)): not YAML: \(error)")
        }
    }

    /// A place in a YAML file as JSON; nil if there is too much of it.
    private static func value(of node: Node, depth: Int, left: inout Int) -> JSONValue? {
        left -= 1
        guard left > 0, depth < 64 else { return nil }
        switch node {
        case .scalar(let scalar):
            let isNothing = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
            return isNothing ? .null : .string(scalar.string)
        case .sequence(let list):
            var values: [JSONValue] = []
            for element in list {
                guard let value = value(of: element, depth: depth + 1, left: &left) else {
                    return nil
                }
                values.append(value)
            }
            return .array(values)
        case .mapping(let mapping):
            var members: [JSONValue.Member] = []
            for (key, element) in mapping {
                guard let value = value(of: element, depth: depth + 1, left: &left) else {
                    return nil
                }
                members.append(JSONValue.Member(key.string ?? "", value))
            }
            return .object(members)
        default: return nil
        }
    }
}
