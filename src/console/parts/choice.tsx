import { useId } from 'react';

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
  /** The label is only for those who cannot see what it belongs to. */
  readonly quiet?: boolean;
}

/** A list to choose one from. */
export const Choice = <T extends string>({ label, value, options, onChange, quiet = false }: ChoiceProps<T>) => {
  const id = useId();
  return (
    <div className="field" data-quiet={quiet || undefined}>
      <label htmlFor={id} className={quiet ? 'unseen' : undefined}>
        {label}
      </label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as T)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
};
