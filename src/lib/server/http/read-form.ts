/** A sent form; an empty one for what breaks off or is no form at all: no browser of ours sends that. */
export async function readFormData(request: Request): Promise<FormData> {
  return request.formData().catch(() => new FormData());
}
