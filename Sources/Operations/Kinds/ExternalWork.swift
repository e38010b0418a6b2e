import Engine
import FoundationEssentials
import Model

/// Work that a program outside does: it holds locks here, reports how far it is, and how it ended.
struct ExternalWork: JobKind {
    let name = External.kind
    let summary = "Hold locks for a program outside that reports what it does"
    /// None: whatever is named is locked.
    let targetType = ""
    let parameters = [
        ParameterSpec("title", "what is done, in a line", isRequired: true),
        ParameterSpec("program", "who does it, for people: ansible, virt-v2v"),
        ParameterSpec("steps", "the steps that are known before: a JSON list of names"),
        ParameterSpec("lock", "how the target is held: exclusive, shared or none"),
        ParameterSpec("locks", "what else is held: store/ssd host/kvm-a01:shared"),
        ParameterSpec("silence", "how long the program may say nothing: 5m"),
    ]

    /// How long a program may say nothing before it is noticed, in milliseconds.
    static let usualSilence: Int64 = 300_000
    /// The bounds of that, in milliseconds.
    static let silences: ClosedRange<Int64> = 1000...604_800_000

    func plan(_ order: Order) throws(Failure) -> Plan {
        let title = order.text("title") ?? ""
        let names = try steps(order)
        let silence = try silence(order)
        let subject = order.target == .none ? "external/\(order.user)" : order.target.description
        let operation = Operation(
            External.verb,
            on: subject,
            lane: External.lane,
            parameters: order.passing("program")
        )
        return Plan(
            summary: title,
            steps: (names.isEmpty ? [title] : names).map { name in
                Step(name, .operation(operation), retry: .never)
                    .with { $0.stallAfter = silence }
            },
            locks: try locks(order)
        )
    }

    private func steps(_ order: Order) throws(Failure) -> [String] {
        guard let text = order.text("steps") else { return [] }
        let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8))
        guard let names, !names.isEmpty, names.allSatisfy({ !$0.isEmpty }) else {
            throw .validation("steps must be a JSON list of names, not “\(text)”")
        }
        guard Set(names).count == names.count else {
            throw .validation("two steps have the same name; a report could mean either")
        }
        return names
    }

    private func silence(_ order: Order) throws(Failure) -> Int64 {
        guard let text = order.text("silence") else { return Self.usualSilence }
        guard let span = Span.milliseconds(text), Self.silences.contains(span) else {
            throw .validation("silence must be a span from 1s to 7d, not “\(text)”")
        }
        return span
    }

    private func locks(_ order: Order) throws(Failure) -> [LockRequest] {
        var locks = try order.targetLocks()
        let words = (order.text("locks") ?? "").split { $0 == " " || $0 == "," }
        for word in words {
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            let mode = parts.count == 1 ? "exclusive" : String(parts[1])
            guard let resource = parts.first, resource.contains("/"), parts.count <= 2,
                let mode = LockMode(rawValue: mode)
            else {
                throw .validation(
                    "“\(word)” in locks is no resource; write store/ssd or host/kvm-a01:shared"
                )
            }
            locks.append(LockRequest(String(resource), mode))
        }
        return locks
    }
}
