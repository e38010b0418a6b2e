/// How a task's run is going to end, if nobody ends it before.
enum Ending: Codable, Sendable {
    case done
    case failed(Fault)
    /// It stands still and never ends.
    case hangs
    /// Its record is lost, and its work with it.
    case vanishes
}

/// All that the simulated hypervisor keeps of one task.
///
/// Progress is not stored: it follows from the time, the beginning and the duration.
struct TaskRecord: Codable, Sendable {
    var call: TaskCall
    /// Its place in the order of beginnings.
    var ordinal: Int
    var begunAt: Int64
    /// How long all of the work takes, in milliseconds.
    var duration: Int64
    var work: Work
    var ending: Ending
    /// How far it gets, in per cent of the work.
    var limit: Int
    var status = TaskStatus.running
    var endedAt: Int64?
    var lastProgress = 0

    /// When it gets as far as it gets.
    var limitAt: Int64 { begunAt + (duration * Int64(limit) + 99) / 100 }

    /// Per cent of the work done at a time.
    func progress(at now: Int64) -> Int {
        if endedAt != nil { return lastProgress }
        let part = Int(min(max(now - begunAt, 0), duration) * 100 / max(duration, 1))
        return min(part, limit, 99)
    }

    /// The next time after `now` when there is something to show: a step of progress, or the end.
    ///
    /// Steps are five per cent of the work, and no shorter than `tick`; nil shows ends only.
    func nextShow(after now: Int64, tick: Int64?) -> Int64? {
        guard endedAt == nil else { return nil }
        let end: Int64? =
            switch ending {
            case .done, .failed: limitAt
            case .hangs, .vanishes: nil
            }
        guard let tick else { return end }
        let step = max((duration + 19) / 20, tick, 1)
        let next = begunAt + (max(now - begunAt, 0) / step + 1) * step
        switch ending {
        case .done, .failed: return min(next, limitAt)
        case .vanishes: return next < limitAt ? next : nil
        case .hangs: return limitAt > now ? min(next, limitAt) : nil
        }
    }

    /// When the record is lost, if it is to be.
    var vanishesAt: Int64? {
        if case .vanishes = ending, endedAt == nil { return limitAt }
        return nil
    }
}
