/** A running part of Headwater. */
export interface Role {
  /** Takes nothing new, finishes what it has, leaves. */
  close(): Promise<void>
}
