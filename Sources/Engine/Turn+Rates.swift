import Model
import Store

/// Rates: how many jobs may begin within a span of time.
///
/// To the queues a rate is a limit like others, which keeps their order; only that room comes from
/// time and not from the end of an operation. Undo, retries of steps, and what has begun never
/// count. Where no rate is configured nothing here costs anything.
extension Turn {
    /// What the beginning of a job in a lane counts against, by name: rates, and its account.
    func beginLimits(of entry: Entry, lane: String) -> [String] {
        rates(of: entry, lane: lane) + accountLimit(of: entry)
    }

    /// The rates that the beginning of a job in a lane counts against, by name.
    private func rates(of entry: Entry, lane: String) -> [String] {
        guard !rules.rates.isEmpty, entry.job.startedAt == nil else { return [] }
        return rules.rates.names(kind: entry.job.kind, lane: lane, account: entry.job.account)
    }

    /// How many more may begin by a rate; nil if the name is none.
    func room(inRate name: String) -> Int? {
        guard let rule = RateName(name).map({ rules.rates[$0] }) else { return nil }
        // Its rule was taken out of the configuration.
        guard let rule else { return .max }
        return log(ofRate: name, rule).room(rule)
    }

    /// A rate as it stands; nil if the name is none, or has no rule any more.
    func line(ofRate text: String) -> LimitLine? {
        guard let name = RateName(text), let rule = rules.rates[name] else { return nil }
        return rule.line(of: name.place, used: log(ofRate: text, rule).used)
    }

    /// Before when no job may begin by a full rate, if so many stand before it.
    func earliest(inRate text: String, place: Int) -> Timestamp? {
        guard let rule = RateName(text).flatMap({ rules.rates[$0] }) else { return nil }
        return log(ofRate: text, rule).earliest(place: place, rule)
    }

    private func log(ofRate name: String, _ rule: Rates.Rule) -> RateLog {
        guard var log = memory.rates[name] else { return RateLog() }
        log.forget(at: now, rule)
        return log
    }

    /// Counts a job that begins now.
    func noteBegin(of entry: Entry) {
        noteAccount(begins: entry)
        for name in rates(of: entry, lane: entry.job.lane) {
            guard let rule = RateName(name).flatMap({ rules.rates[$0] }) else { continue }
            var log = log(ofRate: name, rule)
            log.note(at: now, rule)
            memory.rates[name] = log
            changedRates.insert(name)
            // Of those who wait for it some may have been looked at before, and nobody looks again.
            if !lanes(waitingFor: name).isEmpty { awaitRates([name]) }
        }
    }

    /// Has those looked at again who wait for these, when the first of them may begin.
    func awaitRates(_ names: [String]) {
        for name in names where !hasRoom(name) {
            guard let moment = earliest(inRate: name, place: 0) else { continue }
            memory.rateWakes[name] = moment
        }
    }

    /// Has those looked at again from whom the room in a rate is kept, when there is more of it:
    /// that comes by time alone, so nobody else would have them looked at.
    func awaitMoreRoom(inRate text: String) {
        guard let rule = RateName(text).flatMap({ rules.rates[$0] }),
            let moment = log(ofRate: text, rule).nextRoom(rule)
        else { return }
        memory.rateWakes[text] = min(memory.rateWakes[text] ?? moment, moment)
    }

    /// Looks at the lanes that wait for rates which have room by now.
    func lookAtRates() {
        guard !memory.rateWakes.isEmpty else { return }
        for (name, _) in memory.rateWakes.filter({ $0.value <= now }).sorted(by: { $0.key < $1.key }
        ) {
            memory.rateWakes[name] = nil
            for lane in lanes(waitingFor: name) { schedule(lane: lane) }
        }
    }

    /// Writes down what has begun, and forgets what counts no more.
    func flushRates() throws {
        guard !changedRates.isEmpty else { return }
        var gone: [String] = []
        for (name, log) in memory.rates where !changedRates.contains(name) {
            var log = log
            if let rule = RateName(name).flatMap({ rules.rates[$0] }) {
                log.forget(at: now, rule)
                if log.used > 0 { continue }
            }
            gone.append(name)
        }
        for name in gone { memory.rates[name] = nil }
        let changed = changedRates.sorted().map { ($0, memory.rates[$0]?.text ?? "") }
        try tx.save(rates: changed, forgetting: gone.sorted())
    }

    /// Reads what has begun, after a crash.
    func recoverRates() throws {
        guard !rules.rates.isEmpty else { return }
        memory.rates = try tx.rates().mapValues { RateLog($0) }
    }
}
