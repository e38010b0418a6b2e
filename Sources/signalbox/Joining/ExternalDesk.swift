import Engine
import Foundation
import Model
import Store

/// What a program outside says of its job, and hears of it.
struct ExternalDesk {
    let desk: RequestDesk
    let job: JobID

    /// Milliseconds after which a job that has not begun is looked at again, and its wait is told.
    private static let pause: Int64 = 500

    /// The job as it stands now.
    func now() throws -> Job {
        guard let stored = try desk.store.read({ try $0.jobs([job]) }).first else {
            throw Complaint(.notFound, "there is no \(job)")
        }
        return stored.job
    }

    /// Waits until the work may begin.
    ///
    /// - Throws: a complaint if the job ended before, and an ending if the person interrupts; the
    ///   job is cancelled then.
    func awaitBegin() throws {
        let ear = try StoreEar(desk.site.storePath)
        let began = ContinuousClock.now
        var isTold = false
        do {
            _ = try ear.await(milliseconds: nil, pause: Self.pause) { () throws -> Bool? in
                let job = try now()
                switch job.state {
                case .pending, .queued:
                    guard !isTold, ContinuousClock.now - began > .milliseconds(Self.pause) else {
                        return nil
                    }
                    try say(job)
                    isTold = true
                    return nil
                case _ where job.state.isTerminal:
                    let why = JobWhy.line(job, engineAlive: true, now: WallClock().now())
                    let status = ExitStatus(of: job.state)
                    throw Complaint(status == .done ? .refused : status, why)
                default: return true
                }
            }
        } catch let ending as Ending {
            let text = "nobody waits for it any more"
            let request = OperatorRequest(
                .stop(.cancel),
                job: job,
                by: desk.site.user,
                reason: text
            )
            _ = try desk.write([request])
            throw ending
        }
    }

    private func say(_ job: Job) throws {
        let isAlive = try desk.isEngineAlive()
        StandardError.say(JobWhy.line(job, engineAlive: isAlive, now: WallClock().now()))
    }

    /// Writes a report down; what becomes of it is asked for only if `isAwaited`.
    ///
    /// - Throws: a complaint if it is refused.
    func report(_ report: ExternalReport, isAwaited: Bool = true) throws {
        let request = OperatorRequest(.report(report), job: job, by: desk.site.user)
        let written = try desk.write([request])
        for case .failure(let refusal) in written { throw refusal }
        guard isAwaited else { return }
        guard try desk.isEngineAlive() else {
            return StandardError.say(
                "the report on \(job) is recorded; no engine is alive on this store, it takes "
                    + "effect when one comes"
            )
        }
        switch try desk.outcomes(of: written).first ?? nil {
        case .refused(let why): throw Complaint(.refused, why)
        case .notFound(let what): throw Complaint(.notFound, what)
        case nil: throw Complaint(.timeout, "the report on \(job) is recorded; no answer came yet")
        default: break
        }
    }

    /// Who wants the work to end, in a line; nil if nobody does.
    static func stopLine(of job: Job) -> String? {
        if job.state.isTerminal { return "\(job.id) has ended (\(job.state.word))" }
        guard let stop = job.stop else { return nil }
        let why = stop.reason.isEmpty ? "" : ": \(stop.reason)"
        return "\(stop.by) asks to \(stop.level.rawValue) \(job.id)\(why)"
    }
}
