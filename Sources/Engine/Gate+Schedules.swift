package import Model
package import Store

extension Gate {
    /// Changes schedules in one transaction, at a desk that writes each change into the audit.
    ///
    /// - Throws: ``Refusal`` after it was written into the audit for each of `names`, or what `body`
    ///   throws.
    /// - Returns: what `body` returns.
    package func schedules<R>(
        _ names: [String],
        reason: String,
        at now: Timestamp,
        _ body: (ScheduleDesk, any StoreTransaction) throws -> R
    ) throws -> R {
        let result: Result<R, Refusal> = try store.write(as: nil) { tx in
            if let refusal = try standing(tx).refusal(.schedule) {
                try tx.append(
                    names.map { name in
                        var entry = entry("change", on: "schedule " + name, at: now)
                        entry.reason = reason
                        entry.outcome = RequestOutcome.refused(refusal).words
                        return entry
                    }
                )
                return .failure(Refusal(text: refusal))
            }
            let desk = ScheduleDesk(
                tx,
                by: identity.user,
                as: identity,
                reason: reason,
                at: now
            )
            return .success(try body(desk, tx))
        }
        return try result.get()
    }
}
