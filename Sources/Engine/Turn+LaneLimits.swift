import Model
import Store

/// Limits: how many operations of a sort may run at once, whatever their lanes.
extension Turn {
    /// The limits that a step counts against now, by name; those that nothing limits left out.
    func limits(of step: Step) -> [String] {
        guard !step.limits.isEmpty else { return [] }
        let names = step.limits.map { limit in
            guard let at = limit.firstIndex(of: "@") else { return limit }
            let place = backend.resolve(lane: String(limit[limit.index(after: at)...]))
            return "\(limit[..<at])@\(place)"
        }
        return Set(names).filter { rules.limits[$0] != nil }.sorted()
    }

    /// Whether one more operation may count against a limit.
    func hasRoom(_ name: String) -> Bool { room(inLimit: name) > 0 }

    private func room(inLimit name: String) -> Int {
        if let room = room(inRate: name) ?? room(inAccount: name) { return room }
        return (rules.limits[name]?.most ?? .max) - memory.limitUse[name, default: 0]
    }

    /// A limit as it stands, with where its number comes from.
    func line(ofLimit name: String) -> LimitLine {
        if let line = line(ofRate: name) ?? line(ofAccount: name) { return line }
        let rule = rules.limits[name]
        return LimitLine(
            name: name,
            most: rule?.most ?? .max,
            used: memory.limitUse[name, default: 0],
            source: rule?.source ?? ""
        )
    }

    /// Remembers that jobs of a lane wait for these limits.
    func noteWaiting(lane: String, for limits: [String]) {
        for limit in limits { memory.limitLanes[limit, default: []].insert(lane) }
    }

    /// Gives up what an operation counted against, and has those looked at who wait for it.
    ///
    /// The lane whose first job has the smallest rank is looked at first.
    func freeLimits(_ names: [String]) {
        for name in names {
            let used = memory.limitUse[name, default: 0]
            memory.limitUse[name] = used > 1 ? used - 1 : nil
            for lane in lanes(waitingFor: name) { schedule(lane: lane) }
        }
    }

    /// Has those looked at for whom there is room in limits that was kept for jobs of one lane, or
    /// of one part of its queue.
    func offerLimits(ofQueue queue: String? = nil, lane name: String) {
        guard let lane = memory.lanes[name] else { return }
        let parts = queue.map { lane.queues[$0].map { [$0] } ?? [] } ?? Array(lane.queues.values)
        for limit in Set(parts.flatMap(\.limits)).sorted() {
            for other in lanes(waitingFor: limit) { schedule(lane: other) }
        }
    }

    /// The lanes in which some job counts against a limit.
    func lanes(waitingFor limit: String) -> [String] {
        guard let known = memory.limitLanes[limit] else { return [] }
        let waiting = known.filter { lane in
            memory.lanes[lane]?.queues.values.contains { $0.limits.contains(limit) } ?? false
        }
        memory.limitLanes[limit] = waiting.isEmpty ? nil : waiting
        return waiting.sorted()
    }

    /// Sees whether the limits of a part of a queue leave room, and tells its first jobs if that
    /// has changed.
    func tellOfLimits(_ part: LaneQueue, _ queue: String, lane: String) throws -> Bool {
        let isFull = part.limits.contains { !hasRoom($0) }
        if isFull { awaitRates(part.limits) }
        guard isFull != part.saysFull else { return !isFull }
        change(lane: lane) { $0.queues[queue]?.saysFull = isFull }
        if isFull {
            try tellFirst(of: part, queue, lane: lane)
        } else {
            // Most often somebody takes the room in this very turn.
            staleQueues.append((lane, queue))
        }
        return !isFull
    }

    /// Tells jobs that waited for a limit which had room what they wait for now.
    func tellOfRoom() throws {
        let stale = staleQueues
        staleQueues = []
        for (lane, queue) in stale {
            guard let part = self.lane(lane).queues[queue] else { continue }
            try tellFirst(of: part, queue, lane: lane)
        }
    }

    private func tellFirst(of part: LaneQueue, _ queue: String, lane: String) throws {
        let isFull = part.limits.contains { !hasRoom($0) }
        if isFull { awaitRates(part.limits) }
        change(lane: lane) { $0.queues[queue]?.saysFull = isFull }
        let first = try candidates(in: queue, lane: lane, limit: Self.toldLimit)
        for (place, entry) in first.enumerated() {
            sayWhyQueued(entry, limits: part.limits, place: place)
        }
    }

    /// Says which limit is full, since when the job waits for any, and what is known of when it
    /// has room.
    func wait(_ entry: Entry, forLimit name: String, place: Int) {
        var text = line(ofLimit: name).text
        if let earliest = earliest(inRate: name, place: place) {
            text += ", not before \(earliest)"
        }
        let since = entry.job.waiting?.reason == .limit ? entry.job.waiting?.since : nil
        wait(entry, .limit, on: text)
        if let since { entry.job.waiting?.since = since }
    }

    /// How many jobs of a part of a queue are told at once that what they wait for has changed.
    private static let toldLimit = 20

    /// Whether a job may count against its limits now: they have room, beyond what is kept for
    /// jobs in other lanes that stand before it.
    ///
    /// Without that a job could wait for ever, if always its limit were full when its lane is free
    /// and its lane when its limit is. Nothing is kept for a lane that is paused or closed, nor for
    /// jobs whose account is full: those may wait for the very one that would be kept waiting.
    func mayTakeLimits(_ entry: Entry) throws -> Bool {
        guard let place = entry.currentPlace else { return true }
        let names =
            limits(of: entry.steps[place].plan.step) + beginLimits(of: entry, lane: entry.job.lane)
        return try names.allSatisfy { name in
            let room = room(inLimit: name)
            guard room > 0 else { return false }
            if try ahead(of: entry, inLimit: name, most: room) < room { return true }
            awaitMoreRoom(inRate: name)
            return false
        }
    }

    /// How many parts of queues have a first job that stands before this one; counts to `most`.
    private func ahead(of entry: Entry, inLimit name: String, most: Int) throws -> Int {
        var count = 0
        for place in lanes(waitingFor: name) {
            let lane = self.lane(place)
            guard lane.closedUntil == nil else { continue }
            for (queue, part) in lane.queues
            where queue != entry.stored.queue && part.limits.contains(name)
                && lane.lets(hasBegun: part.hasBegun) && !part.limits.contains(where: isFullAccount)
            {
                let first = try candidates(in: queue, lane: place, limit: 1).first
                if let first, first.place < entry.place { count += 1 }
                if count >= most { return count }
            }
        }
        return count
    }
}

extension Turn {
    private func isFullAccount(_ name: String) -> Bool {
        room(inAccount: name).map { $0 <= 0 } ?? false
    }

    /// Has those looked at for whom room was kept from jobs of an account that has become full.
    func offerLimits(keptForAccount name: String) {
        guard isFullAccount(name) else { return }
        for lane in lanes(waitingFor: name) {
            let parts = memory.lanes[lane]?.queues.values.filter { $0.limits.contains(name) } ?? []
            for limit in Set(parts.flatMap(\.limits)).subtracting([name]).sorted() {
                for other in lanes(waitingFor: limit) { schedule(lane: other) }
            }
        }
    }
}

extension Entry {
    /// Its place among jobs that wait: rank, then number.
    var place: (Int64, JobID) { (stored.rank ?? .max, id) }

    /// How many slots its next operation takes.
    var slots: Int { currentPlace.map { steps[$0].plan.step.slots } ?? 1 }
}
