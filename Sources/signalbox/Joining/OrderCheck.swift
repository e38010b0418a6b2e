import Engine
import Model

/// Looks at an order before it is written down, so that mistakes are said at once.
struct OrderCheck {
    let kinds: KindRegistry

    /// The target that a word means for a kind.
    ///
    /// - Throws: a complaint of usage if there is no such kind, or the target does not fit it.
    func target(of name: String, _ word: String) throws(Complaint) -> Target {
        guard let kind = kinds[name] else {
            let known = kinds.all.map(\.name).joined(separator: ", ")
            throw Complaint(.usage, "there is no kind “\(name)”; there are \(known)")
        }
        return Target(word, defaultType: kind.targetType.isEmpty ? "vm" : kind.targetType)
    }

    /// The plan of an order as the world is now.
    func plan(_ kind: String, _ order: Order) throws(Complaint) -> Plan {
        do { return try kinds.plan(kind: kind, order) } catch {
            throw complaint(kind, order, error)
        }
    }

    /// Refuses an order that can never be planned; what could be possible later is let through if
    /// the job is to begin later.
    func check(_ kind: String, _ order: Order, isLater: Bool) throws(Complaint) {
        do { _ = try kinds.plan(kind: kind, order) } catch {
            let complaint = complaint(kind, order, error)
            if complaint.status == .usage || !isLater { throw complaint }
        }
    }

    /// Whose mistake it is: the command line's, a name's, or that of the present state.
    private func complaint(_ name: String, _ order: Order, _ failure: Failure) -> Complaint {
        guard let kind = kinds[name] else { return Complaint(.usage, failure.text) }
        let isComplete = kind.parameters.allSatisfy {
            !$0.isRequired || !order.parameters[$0.name, default: ""].isEmpty
        }
        let fits =
            kind.targetType.isEmpty
            || (order.target.type == kind.targetType && !order.target.name.isEmpty)
        guard fits, isComplete,
            order.parameters.keys.allSatisfy({ name in
                kind.parameters.contains { $0.covers(name) }
            })
        else {
            return Complaint(.usage, failure.text)
        }
        let isMissing = failure.text.hasPrefix("there is no ")
        return Complaint(isMissing ? .notFound : .refused, failure.text)
    }
}
