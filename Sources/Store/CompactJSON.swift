import Foundation
import Model

/// The details of a job that hardly any job has, as one JSON text.
struct JobDetails: Codable {
    private var excluded: [String]?
    private var failure: Failure?
    private var stalls: Int?
    private var isUndoHeld: Bool?
    private var rollbackPolicy: RollbackPolicy?
    private var warning: String?
    private var afterFailure: AfterFailure?
    private var signature: Int64?
    private var onCrash: CrashPolicy?
    private var engineStop: EngineStop?
    private var requeues: Int?
    private var limits: LimitSources?
    private var approval: Approval?
    private var rerunFrom: Int?

    /// Nil if there is nothing to store.
    init?(_ extra: JobExtra) {
        guard
            !extra.excluded.isEmpty || extra.failure != nil || extra.stalls != 0
                || extra.isUndoHeld || extra.rollbackPolicy != nil || !extra.warning.isEmpty
                || extra.afterFailure != .fail || extra.signature != nil
                || extra.onCrash != .adopt || extra.engineStop != nil
                || extra.requeues != 0 || !extra.limits.isEmpty
                || extra.approval != nil || extra.rerunFrom != nil
        else { return nil }
        excluded = extra.excluded.isEmpty ? nil : extra.excluded
        failure = extra.failure
        stalls = extra.stalls == 0 ? nil : extra.stalls
        isUndoHeld = extra.isUndoHeld ? true : nil
        rollbackPolicy = extra.rollbackPolicy
        warning = extra.warning.isEmpty ? nil : extra.warning
        if let text = failure?.text { failure?.text = SecretMask.masked(text) }
        afterFailure = extra.afterFailure == .fail ? nil : extra.afterFailure
        signature = extra.signature
        onCrash = extra.onCrash == .adopt ? nil : extra.onCrash
        engineStop = extra.engineStop
        requeues = extra.requeues == 0 ? nil : extra.requeues
        limits = extra.limits.isEmpty ? nil : extra.limits
        approval = extra.approval
        rerunFrom = extra.rerunFrom
    }

    func apply(to extra: inout JobExtra) {
        extra.excluded = excluded ?? []
        extra.failure = failure
        extra.stalls = stalls ?? 0
        extra.isUndoHeld = isUndoHeld ?? false
        extra.rollbackPolicy = rollbackPolicy
        extra.warning = warning ?? ""
        extra.afterFailure = afterFailure ?? .fail
        extra.signature = signature
        extra.onCrash = onCrash ?? .adopt
        extra.engineStop = engineStop
        extra.requeues = requeues ?? 0
        extra.limits = limits ?? LimitSources()
        extra.approval = approval
        extra.rerunFrom = rerunFrom
    }

    /// The text to be stored; nil if there is nothing to store.
    static func text(of extra: JobExtra) -> String? {
        shortText(of: extra) ?? JobDetails(extra).flatMap(CompactJSON.encode)
    }

    /// The text where only what many jobs have is there; nil if there is more, or nothing.
    ///
    /// It is written with every insert of such a job, and a general coder takes as long as all the
    /// rest of it.
    private static func shortText(of extra: JobExtra) -> String? {
        guard extra.excluded.isEmpty, extra.failure == nil, extra.stalls == 0, !extra.isUndoHeld,
            extra.warning.isEmpty, extra.engineStop == nil, extra.requeues == 0,
            extra.limits.isEmpty, extra.approval == nil, extra.rerunFrom == nil
        else { return nil }
        var text = ""
        func add(_ name: String, _ value: String) {
            text += text.isEmpty ? "{\"" : ",\""
            text += name
            text += "\":"
            text += value
        }
        if extra.afterFailure != .fail { add("afterFailure", "\"\(extra.afterFailure.rawValue)\"") }
        if extra.onCrash != .adopt { add("onCrash", "\"\(extra.onCrash.rawValue)\"") }
        if let policy = extra.rollbackPolicy { add("rollbackPolicy", "\"\(policy.rawValue)\"") }
        if let signature = extra.signature { add("signature", String(signature)) }
        return text.isEmpty ? nil : text + "}"
    }

    static func decode(_ text: String?) throws -> JobDetails? { try CompactJSON.decode(text) }
}

/// Values that are seldom there, as JSON text with sorted names.
enum CompactJSON {
    /// Nil only for values that JSON cannot hold, of which the model has none.
    static func encode(_ value: some Encodable) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// - Throws: ``StoreError`` with code `damaged` if the text is not what was stored.
    static func decode<Value: Decodable>(_ text: String?) throws -> Value? {
        guard let text else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw StoreError(.damaged, action: "read the store", detail: "\(error)")
        }
    }
}
