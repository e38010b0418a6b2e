import Engine
import Hypervisor
import Model

/// Under which id a hypervisor knows an operation, and what its reports on it mean.
///
/// The id is the operation's name. An operation that may fail without failing its step carries a
/// mark behind it, because after a crash only the id tells that this was so.
enum TaskID {
    /// The parameter that lets an operation fail without failing its step: `mayFail=true`.
    ///
    /// The next step is then the stronger means; the bridge alone looks at it.
    static let mayFail = "mayFail"
    private static let mark: Character = "~"

    /// The call that begins an operation.
    static func call(_ operation: OperationCall) -> TaskCall {
        var parameters = operation.operation.parameters
        let mayFail = parameters.removeValue(forKey: mayFail) == "true"
        if let excluded = parameters["exclude"] {
            parameters["exclude"] = hosts(excluded)
        }
        return TaskCall(
            id: mayFail ? marked(operation.name) : operation.name,
            verb: operation.operation.verb,
            subject: operation.operation.subject,
            host: host(ofLane: operation.lane),
            parameters: parameters,
            fence: operation.fence
        )
    }

    /// The id of an operation that may fail.
    static func marked(_ operation: String) -> String { operation + String(mark) }

    /// Whether an id is that of an operation that may fail.
    static func isMarked(_ id: String) -> Bool { id.last == mark }

    /// The operation that an id stands for.
    static func operation(_ id: String) -> String { isMarked(id) ? String(id.dropLast()) : id }

    /// What a report says of the operation, in the engine's words.
    static func news(of report: TaskReport) -> [BackendNews] {
        let name = operation(report.id)
        func news(_ event: BackendNews.Event) -> BackendNews { BackendNews(operation: name, event) }
        switch report.status {
        case .running: return [news(.progress(report.progress, report.message))]
        case .done: return [news(.done(report.result))]
        case .failed(let fault) where isMarked(report.id) && fault.kind == .permanent:
            return [news(.progress(99, fault.text)), news(.done(["gaveUp": fault.text]))]
        case .failed(let fault): return [news(.failed(Failure(fault)))]
        case .interrupted: return [news(.interrupted)]
        case .unknown: return [news(.unknown)]
        case .unreachable: return [news(.unreachable)]
        }
    }

    private static func host(ofLane lane: String) -> String? {
        lane.hasPrefix("host/") ? String(lane.dropFirst(5)) : nil
    }

    /// A list of lanes or hosts as a list of hosts.
    private static func hosts(_ list: String) -> String {
        list.split(separator: ",").map { host(ofLane: String($0)) ?? String($0) }
            .joined(separator: ",")
    }
}
