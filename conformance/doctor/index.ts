/** Examines adapters. */
export { DOCTOR_SCHEMA_ID, doctorSchema } from './doctor-schema.ts';
export type { Drill, Finding, FindingStatus, Rung } from './drill.ts';
export { allDrills, examineAdapter } from './examine-adapter.ts';
export type { Examination, ExamineOptions } from './examine-adapter.ts';
