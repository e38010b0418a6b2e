import Engine
import Foundation
import Model
import Operations
import Yams

/// What the configuration file can say; everything in it can be left out.
struct Configuration: Sendable {
    /// The file of the store.
    var store: String?
    /// The backend: `simulated:SCENARIO`.
    var hypervisor: String?
    /// The console's theme.
    var theme: String?
    /// Whether only ASCII is drawn.
    var isASCII: Bool?
    /// Whether colours are used.
    var hasColor: Bool?
    /// Whether nothing may be changed.
    var isReadOnly: Bool?
    /// The account on which jobs count.
    var account: String?
    /// The least level of a job's log that is written.
    var logLevel: LogLevel?
    /// How many operations a lane takes at once, by its name.
    var slots: [String: Int] = [:]
    /// Who may do what; nil if nothing is said.
    var roles: [RoleLine]?
    /// How many operations run at once across lanes, by what they count against.
    var limits: [String: Int] = [:]
    /// How many jobs may begin within a span of time, by kind and place.
    var rates: [Rates.Rule] = []
    /// How many jobs an account may have.
    var accounts: [AccountBounds.Rule] = []
    /// Kinds to whose jobs somebody else than the submitter must agree.
    var approval: [String] = []
    /// Milliseconds of waiting that are worth one priority.
    var ageing: Int64?
    /// How many jobs without a parent may be unfinished.
    var openJobs: Int?
    /// The programs that jobs and hooks may run.
    var scripts: [ScriptProgram] = []
    /// What is done when something happens.
    var hooks: [HookRule] = []

    /// The programs as the kinds and the backend look them up.
    var catalog: ScriptCatalog {
        ScriptCatalog(scripts, slots: slots[ScriptCatalog.lane] ?? 4)
    }

    /// How long jobs that ended are kept.
    var retention = Retention.standard

    private static let keys = [
        "store", "hypervisor", "theme", "ascii", "color", "readOnly", "account", "logLevel",
        "slots", "limits", "accounts", "approval", "ageing", "openJobs", "retention", "roles",
        "scripts",
        "hooks",
    ]

    /// Reads the file; a missing one is an error only if it was asked for.
    ///
    /// - Throws: a complaint that names the file, the line and what would be right.
    init(path: String, isRequired: Bool) throws(Complaint) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            guard isRequired || FileManager.default.fileExists(atPath: path) else { return }
            throw Complaint(.usage, "the configuration \(path) cannot be read")
        }
        let root: Node?
        do { root = try compose(yaml: text) } catch {
            throw Complaint(.usage, "the configuration \(path) is no YAML: \(error)")
        }
        guard let root else { return }
        guard let mapping = root.mapping else {
            throw Complaint(.usage, "the configuration \(path) must be a mapping of keys to values")
        }
        for (key, value) in mapping { try take(key, value, path) }
        try checkHooks(path)
    }

    /// Nothing at all.
    init() {}

    private mutating func take(
        _ key: Node,
        _ value: Node,
        _ path: String
    ) throws(Complaint) {
        let place = "\(path):\(key.mark?.line ?? 0)"
        let name = key.string ?? ""
        switch name {
        case "store": store = try text(value, name, place)
        case "hypervisor": hypervisor = try text(value, name, place)
        case "theme": theme = try text(value, name, place)
        case "account": account = try text(value, name, place)
        case "ascii": isASCII = try flag(value, name, place)
        case "color": hasColor = try flag(value, name, place)
        case "readOnly": isReadOnly = try flag(value, name, place)
        case "logLevel":
            guard let level = LogLevel(rawValue: value.string ?? "") else {
                let known = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
                throw Complaint(.usage, "\(place): logLevel must be one of \(known)")
            }
            logLevel = level
        case "roles": roles = try RoleReading.read(value, path)
        case "slots": slots = try numbers(value, name, "host/kvm-a01: 8", place)
        case "accounts": accounts = try accountBounds(value, place)
        case "approval": approval = try kindPatterns(value, name, place)
        case "limits": try takeLimits(value, place)
        case "ageing":
            guard let span = Span.milliseconds(value.string ?? ""), span > 0 else {
                throw Complaint(
                    .usage,
                    "\(place): ageing is a span such as 1m: how much waiting is worth one priority"
                )
            }
            ageing = span
        case "openJobs":
            guard let number = value.int, number > 0 else {
                throw Complaint(.usage, "\(place): openJobs is a number of jobs, at least 1")
            }
            openJobs = number
        case "retention": retention = try RetentionReader(path: path).read(value, place)
        case "scripts": scripts = try scripts(value, place)
        case "hooks": hooks = try hooks(value, place)
        default:
            let known = Self.keys.joined(separator: ", ")
            throw Complaint(.usage, "\(place): there is no key “\(name)”; there are \(known)")
        }
    }

    /// A text that is not empty.
    func text(_ node: Node, _ key: String, _ place: String) throws(Complaint) -> String {
        guard let text = node.string, !text.isEmpty else {
            throw Complaint(.usage, "\(place): \(key) must be a text")
        }
        return text
    }

    /// Yes or no.
    func flag(_ node: Node, _ key: String, _ place: String) throws(Complaint) -> Bool {
        guard let flag = node.bool else {
            throw Complaint(.usage, "\(place): \(key) must be true or false")
        }
        return flag
    }

    private func numbers(
        _ node: Node,
        _ key: String,
        _ example: String,
        _ place: String
    ) throws(Complaint) -> [String: Int] {
        guard let mapping = node.mapping else {
            throw Complaint(.usage, "\(place): \(key) must be a mapping such as {\(example)}")
        }
        var numbers: [String: Int] = [:]
        for (name, count) in mapping {
            guard let name = name.string, let count = count.int, (1...10_000).contains(count) else {
                throw Complaint(
                    .usage,
                    "\(place): each of \(key) is a number from 1 to 10000, such as {\(example)}"
                )
            }
            numbers[name] = count
        }
        return numbers
    }
}
